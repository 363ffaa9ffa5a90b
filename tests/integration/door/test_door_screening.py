"""The door asks a session about pages' connections, judged at the server that is not reached."""

from __future__ import annotations

import asyncio
import contextlib
import select
from collections.abc import AsyncIterator, Callable

import pytest
from support.door_rig import Rig, door_rig, far_side

from myco_vpn import screening
from myco_vpn.link import DialError, DialQuestion
from myco_vpn.socks import Reply

Answer = Callable[[DialQuestion], bool | None]


@contextlib.asynccontextmanager
async def _answering(rig: Rig, answer: Answer) -> AsyncIterator[list[DialQuestion]]:
    """The session's side: answers questions, or keeps silent where `answer` gives None."""
    asked: list[DialQuestion] = []
    loop = asyncio.get_running_loop()

    def drain() -> None:
        for event in rig.link.drain():
            if isinstance(event, DialQuestion):
                asked.append(event)
                allowed = answer(event)
                if allowed is not None:
                    rig.link.answer_dial(event, allowed)

    fd = rig.link.fileno()
    loop.add_reader(fd, drain)
    try:
        yield asked
    finally:
        loop.remove_reader(fd)


def test_a_connection_that_the_session_refuses_is_not_made() -> None:
    async def scenario() -> None:
        async with far_side() as web:
            hosts = (
                f"metrics.shop.example 127.0.0.1:{web.port} x.tracker.example\n"
                f"*.example 127.0.0.1:{web.port}"
            )
            async with door_rig(hosts, screens=True) as rig:
                async with _answering(rig, lambda question: question.alias == "") as asked:
                    with pytest.raises(DialError) as caught:
                        await rig.fetch("metrics.shop.example", 443)
                    assert caught.value.reply == Reply.NOT_ALLOWED
                    assert web.connections == 0
                    assert (await rig.fetch("www.shop.example", 80)).endswith(b"hello")
                    # Only pages are asked about: a list's server is not.
                    await rig.fetch("metrics.shop.example", 443, "lists")
                first, second = asked
                assert (first.host, first.alias) == ("metrics.shop.example", "x.tracker.example")
                assert (second.alias, second.addresses) == ("", ("127.0.0.1",))
                assert await rig.why("metrics.shop.example", 443) == "none"

    asyncio.run(scenario())


def test_leave_is_asked_for_once_and_refusals_each_time() -> None:
    async def scenario() -> None:
        async with (
            far_side() as web,
            door_rig(f"*.example 127.0.0.1:{web.port}", screens=True) as rig,
        ):
            async with _answering(rig, lambda question: question.host == "a.example") as asked:
                for _ in range(3):
                    await rig.fetch("a.example", 80)
                    with pytest.raises(DialError):
                        await rig.fetch("b.example", 80)
                assert await rig.why("b.example", 80) == "filtered"
            assert [one.host for one in asked].count("a.example") == 1
            assert [one.host for one in asked].count("b.example") == 3
            assert web.connections == 3

    asyncio.run(scenario())


def test_no_answer_in_time_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "ANSWER_S", 0.05)

    async def scenario() -> None:
        async with (
            far_side() as web,
            door_rig(f"*.example 127.0.0.1:{web.port}", screens=True) as rig,
        ):
            async with _answering(rig, lambda _: None) as asked:
                outcomes = await asyncio.gather(
                    *(rig.fetch("a.example", 80) for _ in range(4)), return_exceptions=True
                )
                assert all(isinstance(one, DialError) for one in outcomes)
                assert len(asked) == 1  # questions that overlap are one
            assert web.connections == 0

    asyncio.run(scenario())


def test_a_question_that_comes_while_the_session_waits_is_not_lost() -> None:
    """The session asks the door something and finds a question before the answer."""

    async def scenario() -> None:
        async with (
            far_side() as web,
            door_rig(f"*.example 127.0.0.1:{web.port}", screens=True) as rig,
        ):
            rig.link.drain()
            fetching = asyncio.create_task(rig.fetch("a.example", 80))
            poll = select.poll()
            poll.register(rig.link.fileno(), select.POLLIN)
            await asyncio.to_thread(poll.poll, 5000)
            assert await asyncio.to_thread(rig.link.status) is not None  # swallows the question
            async with _answering(rig, lambda _: True) as asked:
                assert (await fetching).endswith(b"hello")
            assert len(asked) == 1

    asyncio.run(scenario())
