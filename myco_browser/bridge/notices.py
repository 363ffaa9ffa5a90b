"""Notifications of the desktop, as the windows use them. Lives on the Qt thread."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.mail_ports import Beside
from myco_browser.system.notifications import MAIL, Kind, Notifications


class DesktopNotices(QObject):
    """One notification for each key; a newer one takes the place of the one before."""

    clicked = pyqtSignal(str)
    gone = pyqtSignal(str)

    def __init__(self, beside: Beside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._numbers: dict[int, str] = {}
        self._service = Notifications(self._heard)

    def show(
        self,
        key: str,
        title: str,
        body: str,
        button: str,
        failed: Callable[[], None],
        kind: Kind = MAIL,
    ) -> None:
        """Shows a notification; `failed` is called where the desktop shows none."""
        replaces = next((number for number, known in self._numbers.items() if known == key), 0)

        async def run() -> None:
            number = await self._service.show(title, body, button, replaces, kind)
            self._beside.to_qt(lambda: self._shown(key, number, failed))

        self._beside.start(run)

    def _shown(self, key: str, number: int | None, failed: Callable[[], None]) -> None:
        if number is None:
            failed()
            return
        self._numbers = {n: known for n, known in self._numbers.items() if known != key}
        self._numbers[number] = key

    def _heard(self, number: int, was_clicked: bool) -> None:
        self._beside.to_qt(lambda: self._tell(number, was_clicked))

    def _tell(self, number: int, was_clicked: bool) -> None:
        key = self._numbers.get(number)
        if key is None:
            return
        if was_clicked:
            self.clicked.emit(key)
        else:
            del self._numbers[number]
            self.gone.emit(key)
