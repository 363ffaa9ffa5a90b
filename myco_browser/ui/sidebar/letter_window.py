"""A letter in a window of its own, where the sidebar is too narrow for it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from myco_browser.domain.mail import Role, Summary
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.letter_acts import LetterActs
from myco_browser.ui.sidebar.letter_view import LetterView
from myco_browser.ui.sidebar.mail_desk import MailDesk


class LetterWindow(QWidget):
    """Closes when the letter is moved away."""

    def __init__(self, desk: MailDesk) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("log")
        usual_size(self, 820, 760)
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.view = LetterView(desk, desk.context.face, has_back=False)
        column.addWidget(self.view)
        self.acts = LetterActs(desk, self.view)
        self.acts.done.connect(self.close)
        self.acts.moved.connect(lambda uid, role: self._move([uid], role))
        self.acts.flagged.connect(self._flag)
        QShortcut(QKeySequence("Escape"), self, self.close)

    def open(self, account_id: str, path: str, uid: int, summary: Summary | None) -> None:
        """Shows a letter."""
        self.setWindowTitle(summary.subject if summary is not None else _("Mail"))
        self.acts.open(account_id, path, uid, summary)

    def _flag(self, uid: int, flag: str, on: bool) -> None:
        account_id, path, _uid = self.acts.place
        self._desk.mail.acts.flag(account_id, (path, 0), [uid], flag, on=on)

    def _move(self, uids: Sequence[int], role: Role) -> None:
        account_id, path, _uid = self.acts.place
        acts = self._desk.mail.acts
        acts.commit(acts.move(account_id, (path, 0), uids, role, _(role.value)))
