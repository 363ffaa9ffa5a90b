"""When to stop restarting: pure."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_S = 60.0
LIMIT = 3


@dataclass(frozen=True, slots=True)
class CrashHistory:
    """The times (seconds, monotonic) of crashes that still count."""

    times: tuple[float, ...] = ()

    def after_crash(self, now: float) -> CrashHistory:
        """With a crash at `now`, and without those that are too old to count."""
        return CrashHistory((*(t for t in self.times if now - t < WINDOW_S), now))

    @property
    def is_loop(self) -> bool:
        """Whether it crashed too often to try again."""
        return len(self.times) >= LIMIT
