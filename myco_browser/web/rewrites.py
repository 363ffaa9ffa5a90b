"""Keeps rewritten addresses from going round in circles.

A rule may lead to an address that another rule rewrites (a redirect link to an address with
tracking words): that is followed a few times. A server may send a cleaned address back with what
was taken from it: after a few rounds it gets its way. Both are forgotten after some seconds.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_KEPT = 512
_FORGET_S = 5.0
_MOST_STEPS = 4
_MOST_RETURNS = 2


class RewriteGuard:
    """Remembers what was lately rewritten to what."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._targets: OrderedDict[str, tuple[float, int, int]] = OrderedDict()
        """Target to when, how many steps deep, and how often."""

    def allows(self, urlstr: str, target: str) -> bool:
        """Whether `urlstr` may be rewritten to `target`; notes that it was."""
        now = self._now()
        _, depth, _ = self._recent(urlstr, now)
        _, _, times = self._recent(target, now)
        if target == urlstr or depth >= _MOST_STEPS or times >= _MOST_RETURNS:
            return False
        self._targets[target] = (now, depth + 1, times + 1)
        self._targets.move_to_end(target)
        if len(self._targets) > _KEPT:
            self._targets.popitem(last=False)
        return True

    def _recent(self, urlstr: str, now: float) -> tuple[float, int, int]:
        found = self._targets.get(urlstr)
        return (now, 0, 0) if found is None or now - found[0] > _FORGET_S else found
