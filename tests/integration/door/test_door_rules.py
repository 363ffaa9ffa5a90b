"""What the door lets out and what not, judged at the server that must not have been reached."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import sys

import pytest
from support.door_rig import Rig, close, door_rig, far_side

from myco_vpn.channel import Channel
from myco_vpn.framing import Message, message_pair
from myco_vpn.link import CounterRow, DialError, dial
from myco_vpn.resolver import Resolved
from myco_vpn.socks import Reply

_LOOPBACK = ipaddress.ip_address("127.0.0.1")


def _always_loopback(_: str) -> Resolved:
    return Resolved((_LOOPBACK,))


async def _refusal(rig: Rig, host: str, port: int) -> int | None:
    with pytest.raises(DialError) as caught:
        await rig.fetch(host, port)
    return caught.value.reply


def test_a_mapped_name_arrives_and_is_counted() -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(f"*.example 127.0.0.1:{web.port}") as rig:
            assert (await rig.fetch("news.example", 80)).endswith(b"hello")
            await rig.fetch("lists.example", 443, "lists")
            assert web.connections == 2
            request = web.requests[0]
            rows = await asyncio.to_thread(rig.link.counters)
            answer = len(b"HTTP/1.0 200 OK\r\n\r\nhello")
            assert sorted(rows, key=lambda row: row.client) == [
                CounterRow("lists.example", "lists", 1, len(request) + 1, answer),
                CounterRow("news.example", "page", 1, len(request), answer),
            ]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "app.localhost",
        "printer",
        "printer.local",
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "0.0.0.0",
        "::",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.5.5",
        "100.64.0.1",
        "169.254.169.254",
        "fe80::1",
        "fd00::1",
        "224.0.0.1",
    ],
)
def test_local_destinations_are_refused(host: str) -> None:
    asked: list[str] = []

    def lookup(name: str) -> Resolved:
        asked.append(name)
        return Resolved((_LOOPBACK,))

    async def scenario() -> None:
        async with far_side() as web, door_rig(lookup=lookup) as rig:
            assert await _refusal(rig, host, web.port) == Reply.NOT_ALLOWED
            assert await rig.why(host, web.port) == "local-blocked"
            assert web.connections == 0
        assert asked == []  # not even a resolver hears of it

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["rebind.example", "127.1", "0x7f.1", "2130706433.example"])
def test_a_name_that_leads_to_loopback_is_refused(name: str) -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(lookup=_always_loopback) as rig:
            assert await _refusal(rig, name, web.port) == Reply.NOT_ALLOWED
            assert await rig.why(name, web.port) == "local-blocked"
            assert web.connections == 0

    asyncio.run(scenario())


def test_a_name_that_changes_its_address_is_judged_each_time() -> None:
    answers = [Resolved((_LOOPBACK,))]

    async def scenario() -> None:
        async with far_side() as web, door_rig(lookup=lambda _: answers[0]) as rig:
            await asyncio.to_thread(rig.link.grant_local, "dev.example", web.port)
            assert (await rig.fetch("dev.example", web.port)).endswith(b"hello")
            # The grant is for that name; another name with the same address has none.
            assert await _refusal(rig, "evil.example", web.port) == Reply.NOT_ALLOWED
            assert web.connections == 1

    asyncio.run(scenario())


def test_a_grant_opens_one_host_and_port_until_it_is_revoked() -> None:
    async def scenario() -> None:
        async with far_side() as web, far_side() as other, door_rig() as rig:
            assert await asyncio.to_thread(rig.link.grant_local, "localhost", web.port)
            assert (await rig.fetch("localhost", web.port)).endswith(b"hello")
            assert await _refusal(rig, "localhost", other.port) == Reply.NOT_ALLOWED
            assert await _refusal(rig, "127.0.0.1", web.port) == Reply.NOT_ALLOWED
            assert await asyncio.to_thread(rig.link.revoke_local, "localhost")
            assert await _refusal(rig, "localhost", web.port) == Reply.NOT_ALLOWED
            assert (web.connections, other.connections) == (1, 0)

    asyncio.run(scenario())


def test_the_door_never_dials_itself() -> None:
    async def scenario() -> None:
        async with door_rig() as rig:
            await asyncio.to_thread(rig.link.grant_local, "127.0.0.1", None)
            assert await _refusal(rig, *rig.proxy) == Reply.NOT_ALLOWED
            assert await _refusal(rig, f"::ffff:{rig.proxy[0]}", rig.proxy[1]) is not None

    asyncio.run(scenario())


def test_clients_of_another_user_are_not_served() -> None:
    async def scenario() -> None:
        async with far_side() as web:
            hosts = f"*.example 127.0.0.1:{web.port}"
            for uid in (os.getuid() + 1, None):
                async with door_rig(hosts, uid_lookup=lambda *_, uid=uid: uid) as rig:
                    with pytest.raises(DialError) as caught:
                        await rig.fetch("news.example", 80)
                    assert caught.value.reply is None  # not a word was said
            assert web.connections == 0

    asyncio.run(scenario())


def test_a_sealed_listener_needs_no_check_of_uids() -> None:
    async def scenario() -> None:
        async with far_side() as web:
            hosts = f"*.example 127.0.0.1:{web.port}"
            async with door_rig(hosts, uid_lookup=lambda *_: None, sealed=True) as rig:
                assert (await rig.fetch("news.example", 80)).endswith(b"hello")

    asyncio.run(scenario())


def test_failures_have_their_causes() -> None:
    async def scenario() -> None:
        async with far_side() as web:
            closed_port = web.port
        async with door_rig(
            f"down.example 127.0.0.1:{closed_port}", lookup=lambda _: Resolved(())
        ) as rig:
            assert await _refusal(rig, "down.example", 80) == Reply.CONNECTION_REFUSED
            assert await rig.why("down.example", 80) == "refused"
            assert await _refusal(rig, "missing.example", 80) == Reply.HOST_UNREACHABLE
            assert await rig.why("missing.example", 80) == "name-not-found"
            assert await rig.why("never-asked.example", 80) == "none"

    asyncio.run(scenario())


def test_the_blocked_exit_cuts_and_refuses_until_it_is_lifted() -> None:
    endless = asyncio.Event()

    async def stream(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"first")
        await endless.wait()

    async def scenario() -> None:
        async with (
            far_side(stream) as streaming,
            far_side() as web,
            door_rig(
                f"stream.example 127.0.0.1:{streaming.port}\nweb.example 127.0.0.1:{web.port}"
            ) as rig,
        ):
            reader, writer = await dial("stream.example", 80, "page", rig.proxy)
            assert await reader.readexactly(5) == b"first"
            rig.control.send({"type": "exit", "exit": "blocked"})
            with pytest.raises(ConnectionResetError):
                await reader.read()
            await close(writer)
            assert await _refusal(rig, "web.example", 80) == Reply.NOT_ALLOWED
            assert await rig.why("web.example", 80) == "exit-blocked"
            assert web.connections == 0
            status = await asyncio.to_thread(rig.link.status)
            assert status is not None
            assert status.exit == "blocked"
            rig.control.send({"type": "exit", "exit": "direct"})
            await rig.why("web.example", 80)
            assert (await rig.fetch("web.example", 80)).endswith(b"hello")
            events = [getattr(event, "exit", None) for event in rig.link.drain()]
            assert events == ["direct", "blocked", "direct"]
            endless.set()

    asyncio.run(scenario())


def test_a_session_can_have_an_exit_of_its_own() -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(f"web.example 127.0.0.1:{web.port}") as rig:
            rig.control.send({"type": "exit", "exit": "blocked", "session": "s"})
            await rig.why("web.example", 80)
            # What the others are given does not concern it.
            rig.control.send({"type": "exit", "exit": "direct", "session": "other"})
            rig.control.send({"type": "exit", "exit": "blocked"})
            rig.control.send({"type": "exit", "exit": "direct"})
            assert await _refusal(rig, "web.example", 80) == Reply.NOT_ALLOWED
            rig.control.send({"type": "exit", "exit": "direct", "session": "s"})
            await rig.why("web.example", 80)
            assert (await rig.fetch("web.example", 80)).endswith(b"hello")
            assert web.connections == 1
            events = [getattr(event, "exit", None) for event in rig.link.drain()]
            assert events == ["direct", "blocked", "direct"]

    asyncio.run(scenario())


def test_waiting_clients_are_served_when_a_way_leads_out() -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(f"web.example 127.0.0.1:{web.port}") as rig:
            rig.control.send({"type": "exit", "exit": "waiting"})
            await rig.why("web.example", 80)
            asking = asyncio.create_task(rig.fetch("web.example", 80))
            await rig.why("web.example", 80)
            assert (asking.done(), web.connections) == (False, 0)
            rig.control.send({"type": "exit", "exit": "direct"})
            assert (await asking).endswith(b"hello")

    asyncio.run(scenario())


def test_a_tunnel_exit_never_uses_a_socket_of_the_doors_own_network() -> None:
    """A worker that would hand out direct connections is not believed."""

    async def scenario() -> None:
        async with far_side() as web, door_rig() as rig:
            ours, theirs = message_pair()
            dialled = socket.create_connection(("127.0.0.1", web.port))
            channel = Channel(ours, lambda message: answer(message), lambda: None)

            def answer(message: Message) -> None:
                body = {"type": "answer", "id": message.body["id"], "errno": 0}
                channel.send(body, [dialled.fileno()])

            with theirs:
                rig.control.send({"type": "exit", "exit": "tunnel"}, [theirs.fileno()])
            assert await _refusal(rig, "203.0.113.9", 80) is not None
            assert await rig.why("203.0.113.9", 80) == "unreachable"
            # The tunnel's end blocks by itself.
            channel.close()
            async with asyncio.timeout(10):
                while (status := await asyncio.to_thread(rig.link.status)) is not None:
                    if status.exit == "blocked":
                        break
            assert web.requests == []
            dialled.close()

    asyncio.run(scenario())


def test_an_unknown_exit_changes_nothing() -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(f"web.example 127.0.0.1:{web.port}") as rig:
            rig.control.send({"type": "exit", "exit": "moon"})
            rig.control.send({"type": "nonsense"})
            assert (await rig.fetch("web.example", 80)).endswith(b"hello")

    asyncio.run(scenario())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_real_client_of_another_user_is_not_served() -> None:
    client = (
        "import os, socket, sys\n"
        "os.setuid(65534)\n"
        "sock = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "sock.sendall(bytes((5, 1, 0)))\n"
        "try: print(sock.recv(2))\n"
        "except ConnectionResetError: print(b'')\n"
    )

    async def scenario() -> None:
        async with door_rig() as rig:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", client, str(rig.proxy[1]), stdout=asyncio.subprocess.PIPE
            )
            answer, _ = await process.communicate()
            assert answer.strip() == b"b''"

    asyncio.run(scenario())
