"""Asking a session whether a connection may be made, once the door knows where a name leads.

A site can hide a tracker behind a name of its own (a CNAME record), and some filters name
addresses. Only the door sees either, because only the door resolves; only the session has the
filters and knows which pages asked. So the door asks, and what the session does not answer in time
is refused. Leave that was given is kept for a while: the session knows the host from then on and
judges every further request itself.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

from myco_vpn.addresses import Destination
from myco_vpn.framing import JsonObject, Message
from myco_vpn.ledger import Cause
from myco_vpn.resolver import Resolved

ANSWER_S = 5.0
"""How long a session may take; its Qt thread answers, which a heavy page can keep busy."""
KEEP_S = 60.0
_MAX_KEPT = 1024
_MAX_ADDRESSES = 32

Screen = Callable[[Destination, Resolved], Awaitable[Cause | None]]
"""Why a destination that was found there may not be dialled, or None when it may."""

_Key = tuple[str, Resolved]


async def admit(_target: Destination, _found: Resolved) -> Cause | None:
    """The screen of clients that are no pages: everything may be dialled."""
    return None


class SessionScreen:
    """The questions to one session; `ask` sends one over its channel."""

    def __init__(self, ask: Callable[[JsonObject], None]) -> None:
        self._ask = ask
        self._numbers = itertools.count(1)
        self._open: dict[int, asyncio.Future[bool]] = {}
        self._shared: dict[_Key, asyncio.Task[bool]] = {}
        self._admitted: dict[_Key, float] = {}

    async def judge(self, target: Destination, found: Resolved) -> Cause | None:
        """Ask the session, unless it lately gave leave for the same host, name and addresses."""
        key = (target.host, found)
        if self._admitted.get(key, 0.0) > time.monotonic():
            return None
        task = self._shared.get(key)
        if task is None:
            task = self._shared[key] = asyncio.ensure_future(self._question(target, found))
            task.add_done_callback(lambda _: self._shared.pop(key, None))
        # One client that hangs up must not end the question of the others.
        if not await asyncio.shield(task):
            return Cause.FILTERED
        if len(self._admitted) >= _MAX_KEPT:
            self._admitted.pop(next(iter(self._admitted)))
        self._admitted[key] = time.monotonic() + KEEP_S
        return None

    def hear(self, message: Message) -> None:
        """Take an answer; one that comes too late is passed over."""
        waiting = self._open.get(message.number("question") or 0)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.flag("ok"))

    async def _question(self, target: Destination, found: Resolved) -> bool:
        number = next(self._numbers)
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._open[number] = waiting
        try:
            self._ask(
                {
                    "type": "may-dial",
                    "question": number,
                    "host": target.host,
                    "alias": found.canonical,
                    "addresses": [str(one) for one in found.addresses[:_MAX_ADDRESSES]],
                }
            )
            async with asyncio.timeout(ANSWER_S):
                return await waiting
        except TimeoutError:
            return False
        finally:
            del self._open[number]
