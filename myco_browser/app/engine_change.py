"""Takes a new filter engine into use, and lets the old one go without a pause in the window.

To free an engine at once takes several milliseconds: thousands of filters that were made ready,
and then a file that is mapped and often deleted already, whose blocks the system gives back. So the
first is done in steps of the Qt thread, and the second in another thread.

What the steps make is of the kind that the garbage collector looks through, all of it at once and
in whatever thread is at work: 13 ms were measured. Nothing of it is ever garbage by a cycle. So the
collector waits while steps are taken, and afterwards leaves alone what is there.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Protocol

from myco_browser.bridge.idle import IdleSteps
from myco_browser.web.policy import PolicyControl
from myco_filters.engine import Engine


class Beside(Protocol):
    """The asyncio thread."""

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None: ...


def change_engine(policy: PolicyControl, engine: Engine, idle: IdleSteps, beside: Beside) -> None:
    """Requests are judged by `engine` from now on. Qt thread only."""
    before = [policy.snapshot.engine]
    policy.set_engine(engine)
    idle.take(_steps(engine, before, beside))


def _steps(engine: Engine, before: list[Engine], beside: Beside) -> Iterator[None]:
    gc.disable()
    try:
        yield from engine.take_over(before[0])
    finally:
        # Also when newer steps take the place of these: those disable it again as they begin.
        gc.freeze()
        gc.enable()

    async def let_go() -> None:
        import asyncio  # not at the start, where it takes long to load

        await asyncio.to_thread(before.clear)

    beside.start(let_go)
