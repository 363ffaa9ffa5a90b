"""How fast downloads are, smoothed so that the figure can be read."""

from __future__ import annotations

from dataclasses import dataclass, field

_WEIGHT = 0.3


@dataclass(slots=True)
class Speeds:
    """Bytes a second, by number of the download."""

    _last: dict[int, tuple[int, float]] = field(default_factory=dict)
    _speeds: dict[int, float] = field(default_factory=dict)

    def note(self, number: int, received: int, at: float) -> None:
        """`received` bytes in all at `at` (seconds of a clock that does not jump)."""
        before, self._last[number] = self._last.get(number), (received, at)
        if before is None or at <= before[1]:
            return
        now = max(0.0, (received - before[0]) / (at - before[1]))
        known = self._speeds.get(number)
        self._speeds[number] = now if known is None else known + _WEIGHT * (now - known)

    def get(self, number: int) -> float | None:
        """The speed, once it is known."""
        return self._speeds.get(number)

    def forget(self, number: int) -> None:
        """It no longer runs."""
        self._last.pop(number, None)
        self._speeds.pop(number, None)
