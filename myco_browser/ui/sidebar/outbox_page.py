"""Messages that are on their way out, and those whose way is barred."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from myco_browser.services.mail_outbox import OutLetter, OutState
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.mail_desk import MailDesk
from myco_browser.ui.sidebar.mail_words import short_time
from myco_browser.ui.theme import SPACE, Face

_Choices = tuple[tuple[str, Callable[[], None]], ...]


class OutboxPage(QWidget):
    """What is in the outbox now, with what can be done about it."""

    finished = pyqtSignal()

    def __init__(self, desk: MailDesk, face: Face) -> None:
        super().__init__()
        self._desk = desk
        self._face = face
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["s"])
        self._rows.setSpacing(SPACE["s"])
        self._rows.addStretch(1)
        area.setWidget(inner)
        column.addWidget(area, 1)
        self._empty = EmptyNote(area, face)
        desk.mail.out.changed.connect(self._fill)
        self._fill()

    def _head(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("sidehead")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["xs"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        back = tool_button("back", _("Back to the list"), self._face)
        back.clicked.connect(self.finished)
        title = QLabel(_("Outbox"))
        title.setObjectName("heading")
        row.addWidget(back)
        row.addWidget(title)
        row.addStretch(1)
        return bar

    def _fill(self) -> None:
        while self._rows.count() > 1:
            item = self._rows.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        letters = self._desk.mail.out.letters
        self._empty.say("" if letters else _("Nothing waits to be sent."), "send")
        for number, letter in enumerate(letters[:100]):
            self._rows.insertWidget(number, self._row(letter))

    def _row(self, letter: OutLetter) -> Banner:
        row = Banner(self._face)
        subject = letter.subject or _("No subject")
        to = ", ".join(letter.recipients[:3])
        words, choices, tone = self._words(letter)
        icon_name = "warning" if tone else "send"
        row.say(icon_name, f"{to}\n{words}", choices, tone, subject)
        return row

    def _words(self, letter: OutLetter) -> tuple[str, _Choices, str]:
        again = (_("Send now"), lambda: self._desk.mail.out.send_now(letter.letter_id))
        edit = (_("Write on"), lambda: self._edit(letter))
        drop = (_("Throw away"), lambda: self._drop(letter))
        match letter.state:
            case OutState.WAITING if letter.tries:
                when = short_time(int(letter.due), self._desk.context.language)
                text = _("The server could not be reached. Next attempt: {when}.").format(when=when)
                return text, (again, edit, drop), ""
            case OutState.WAITING:
                return _("Leaves in a moment."), (edit,), ""
            case OutState.SENDING:
                return _("Is being sent…"), (), ""
            case OutState.SENT:
                return _("Sent. The copy among the sent messages is still to be made."), (), ""
            case OutState.DOUBT:
                text = _("The connection broke at the last moment: it may have been sent or not. "
                         "It is not sent again by itself.")  # fmt: skip
                resend = (_("Send again"), again[1])
                return text, (resend, (_("It was sent"), drop[1])), "warning"
            case OutState.REFUSED:
                text = _("Not sent: {problem}").format(problem=_(letter.problem))
                return text, (again, edit, drop), "danger"

    def _drop(self, letter: OutLetter) -> None:
        self._desk.mail.out.take_back(letter.letter_id, lambda _was_there: None)

    def _edit(self, letter: OutLetter) -> None:
        self._desk.write.open_letter(letter)
