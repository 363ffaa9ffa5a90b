"""Work of the Qt thread that can wait: one short step at a time, between events."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtCore import QObject, QTimer

_BETWEEN_MS = 20


class IdleSteps(QObject):
    """Takes the steps of one iterator; a new one replaces what is left of the last."""

    def __init__(self, after_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._after_ms = after_ms
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    @property
    def is_busy(self) -> bool:
        """Whether steps are left."""
        return self._timer.isActive()

    def take(self, steps: Iterator[None]) -> None:
        """Begins after the waiting time."""
        self._steps = steps
        self._timer.start(self._after_ms)

    def _step(self) -> None:
        self._timer.setInterval(_BETWEEN_MS)
        try:
            next(self._steps)
        except StopIteration:
            self._timer.stop()
