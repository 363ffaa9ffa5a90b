"""Whether a tunnel's other end is still there: pure.

A tunnel that sends and hears nothing may be quiet or dead: WireGuard answers no keepalive. So doubt
comes first; then the tunnel's name server is asked, and only its silence counts.
"""

from __future__ import annotations

from enum import Enum

DOUBT_S = 10.0
_SLEEP_S = 2.0


class Verdict(Enum):
    """What is known now."""

    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    SILENT = "silent"
    HEARD = "heard"


class Health:
    """Follows the counters of a tunnel. Times are seconds on the clock of the caller."""

    def __init__(self) -> None:
        self._sent = 0
        self._received = -1
        self._heard_at = 0.0
        self._is_silent = False
        self._asleep: float | None = None

    def judge(self, now: float, sent: int, received: int) -> Verdict:
        """What the counters say."""
        if received > self._received:
            self._received, self._sent, self._heard_at = received, sent, now
            return self._becomes(False)
        if now - self._heard_at < DOUBT_S or (sent == self._sent and not self._is_silent):
            return Verdict.UNCHANGED
        return Verdict.DOUBTFUL

    def after_question(self, answered: bool) -> Verdict:
        """What follows when the tunnel's server was asked."""
        return self._becomes(not answered)

    def has_slept(self, awake: float, total: float) -> bool:
        """Whether the machine slept since the last call: the two clocks have drifted apart."""
        asleep = total - awake
        before, self._asleep = self._asleep, asleep
        return before is not None and asleep - before > _SLEEP_S

    def _becomes(self, silent: bool) -> Verdict:
        if silent == self._is_silent:
            return Verdict.UNCHANGED
        self._is_silent = silent
        return Verdict.SILENT if silent else Verdict.HEARD
