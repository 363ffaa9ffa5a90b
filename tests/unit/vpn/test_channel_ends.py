"""The message channel of the launcher and the door, when the other side dies."""

from __future__ import annotations

import asyncio

from myco_vpn.channel import Channel
from myco_vpn.framing import Message, message_pair, send_message


def test_last_words_are_heard_although_something_was_sent_meanwhile() -> None:
    """The kernel reports a reset before the words of whoever died with something unread."""

    async def run() -> tuple[list[str], bool]:
        ours, theirs = message_pair()
        heard: list[str] = []
        ended = asyncio.Event()

        def hear(message: Message) -> None:
            heard.append(message.type)

        channel = Channel(ours, hear, ended.set)
        channel.send({"type": "never-read"})
        send_message(theirs, {"type": "one"})
        send_message(theirs, {"type": "two"})
        theirs.close()
        channel.send({"type": "too-late"})
        channel.drain()
        async with asyncio.timeout(5):
            await ended.wait()
        return heard, ended.is_set()

    assert asyncio.run(run()) == (["one", "two"], True)
