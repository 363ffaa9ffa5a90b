"""A field for addresses that knows the contacts, and who wrote lately."""

from __future__ import annotations

from PyQt6.QtCore import QStringListModel, Qt, QTimer
from PyQt6.QtWidgets import QComboBox, QCompleter, QLineEdit

from myco_browser.bridge.mail import Mail
from myco_browser.services import mail_jobs

_LEAST = 2
_MOST = 10
_ASK_AFTER_MS = 120


class AddressField(QLineEdit):
    """Several addresses, between commas; the last one is completed."""

    def __init__(self, mail: Mail, chosen: QComboBox) -> None:
        super().__init__()
        self._mail = mail
        self._chosen = chosen
        self._found = QStringListModel(self)
        self._completer = QCompleter(self._found, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.activated[str].connect(self._take)
        if (popup := self._completer.popup()) is not None:
            popup.setObjectName("people")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self.textEdited.connect(lambda _text: self._timer.start())

    def _last(self) -> str:
        return self.text().rpartition(",")[2].strip()

    def _ask(self) -> None:
        text = self._last()
        popup = self._completer.popup()
        if len(text) < _LEAST:
            if popup is not None:
                popup.hide()
            return

        known = self._mail.more_people(text)

        def show(found: list[tuple[str, str]]) -> None:
            if text != self._last() or not self.hasFocus():
                return
            there = {address.casefold() for _name, address in known}
            found = [*known, *(one for one in found if one[1].casefold() not in there)][:_MOST]
            rows = [f"{name} <{address}>" if name else address for name, address in found]
            self._found.setStringList(rows)
            if rows:
                self._completer.complete()

        account_id = str(self._chosen.currentData())
        self._mail.ask(account_id, lambda desk: mail_jobs.people(desk, text), show)

    def _take(self, text: str) -> None:
        before, comma, _rest = self.text().rpartition(",")
        if any(sign in text.rpartition("<")[0] for sign in ",;"):
            name, _, address = text.rpartition(" <")
            text = f'"{name}" <{address}'
        self.setText(f"{before}{comma}{' ' if comma else ''}{text}, ")
