"""The window in which a message is written. What is written is kept every few seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Account, Draft
from myco_browser.mail import writing
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.address_field import AddressField
from myco_browser.ui.sidebar.attached_files import AttachedFiles
from myco_browser.ui.sidebar.draft_keeper import DraftKeeper, Written
from myco_browser.ui.sidebar.large_files import LargeFiles
from myco_browser.ui.sidebar.letter_editor import LetterEditor
from myco_browser.ui.sidebar.send_bar import SendBar, problem_of
from myco_browser.ui.theme import SPACE

if TYPE_CHECKING:
    from myco_browser.bridge.files import Files


class ComposeWindow(QWidget):
    """One message. `left` is told when it is on its way."""

    left = pyqtSignal()

    def __init__(
        self,
        mail: Mail,
        files: Callable[[], Files],
        context: Context,
        draft: Draft,
        message_id: str,
    ) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("log")
        self.setAcceptDrops(True)
        usual_size(self, 720, 620)
        self._mail = mail
        self._context = context
        self._draft = draft
        account = self._account_of(draft.account_id) or mail.accounts[0]
        self._keeper = DraftKeeper(
            mail, message_id or writing.new_message_id(account), self._written, self,
        )  # fmt: skip
        if message_id:
            self._keeper.note_kept(account.account_id)
        self._keeper.kept.connect(lambda: self._state.setText(_("Kept in drafts")))
        self.files = AttachedFiles(context, draft.files, self._room_for_files)
        self.files.changed.connect(self._changed)
        self.files.refused.connect(lambda text: self.bar.warn(text))
        self.large = LargeFiles(context, files)
        self.files.too_large.connect(self.large.offer)
        self.large.refused.connect(lambda text: self.bar.warn(text))
        self.large.linked.connect(self._add_link)
        self.large.changed.connect(self._send_if_it_waits)
        self._sends_then = False
        self._is_over = False
        self._make(account)
        self._fill(draft)
        self._show_title()

    # Making

    def _make(self, account: Account) -> None:
        face = self._context.face
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["s"], SPACE["l"], SPACE["m"])
        column.setSpacing(0)
        self._from = QComboBox()
        for one in self._mail.accounts:
            shown = f"{one.name} <{one.address}>" if one.name else one.address
            self._from.addItem(shown, one.account_id)
        self._from.setCurrentIndex(max(0, self._from.findData(account.account_id)))
        self._from.activated.connect(self._changed)
        if len(self._mail.accounts) > 1:
            column.addLayout(self._line(_("From"), self._from))
        self.to, self.cc, self.bcc = (AddressField(self._mail, self._from) for _n in range(3))
        self._more = QPushButton(_("Cc, Bcc"))
        self._more.setObjectName("link")
        self._more.clicked.connect(self._show_more)
        first = self._line(_("To"), self.to)
        first.addWidget(self._more)
        column.addLayout(first)
        column.addWidget(_rule())
        self._more_rows = QWidget()
        rows = QVBoxLayout(self._more_rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for title, people in ((_("Cc"), self.cc), (_("Bcc"), self.bcc)):
            rows.addLayout(self._line(title, people))
            rows.addWidget(_rule())
        self._more_rows.hide()
        column.addWidget(self._more_rows)
        self.subject = QLineEdit()
        column.addLayout(self._line(_("Subject"), self.subject))
        column.addWidget(_rule())
        column.addSpacing(SPACE["s"])
        self.editor = LetterEditor()
        column.addWidget(self.editor, 1)
        column.addWidget(self.files)
        column.addWidget(self.large)
        self.bar = SendBar(self._mail, self._keeper, face)
        self.bar.going.connect(lambda: self._set_editable(False))
        self.bar.back.connect(lambda: self._set_editable(True))
        self.bar.gone.connect(self._gone)
        column.addWidget(self.bar)
        column.addSpacing(SPACE["s"])
        column.addLayout(self._foot())
        for field in (self.to, self.cc, self.bcc, self.subject):
            field.setObjectName("flat")
            field.textChanged.connect(self._changed)
        self.editor.textChanged.connect(self._changed)
        self.subject.textChanged.connect(self._show_title)

    def _line(self, title: str, field: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        label = QLabel(title)
        label.setObjectName("quiet")
        label.setFixedWidth(64)
        label.setBuddy(field)
        field.setAccessibleName(title)
        row.addWidget(label)
        row.addWidget(field, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        face = self._context.face
        row = QHBoxLayout()
        row.setSpacing(2)
        self.send_button = QPushButton(_("Send"))
        self.send_button.setObjectName("primary")
        self.send_button.setToolTip(_("Send") + " (Ctrl+Enter)")
        self.send_button.clicked.connect(self.send)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.send)
        row.addWidget(self.send_button)
        row.addSpacing(SPACE["s"])
        self._tools = []
        for icon_name, text, act in (
            ("attach", _("Attach files"), self.files.choose),
            ("bold", _("Bold"), self.editor.toggle_bold),
            ("italic", _("Italic"), self.editor.toggle_italic),
            ("list", _("List"), self.editor.toggle_list),
        ):
            button = tool_button(icon_name, text, face)
            button.clicked.connect(lambda _on=False, do=act: do())
            row.addWidget(button)
            self._tools.append(button)
        row.addStretch(1)
        self._state = QLabel()
        self._state.setObjectName("small")
        row.addWidget(self._state)
        row.addSpacing(SPACE["s"])
        self._discard = tool_button("trash", _("Throw away"), face)
        self._discard.clicked.connect(self.discard)
        row.addWidget(self._discard)
        return row

    def _fill(self, draft: Draft) -> None:
        self.to.setText(writing.people_text(draft.to))
        self.cc.setText(writing.people_text(draft.cc))
        self.bcc.setText(writing.people_text(draft.bcc))
        if draft.cc or draft.bcc:
            self._show_more()
        self.subject.setText(draft.subject)
        self.editor.fill(draft.text, draft.html)
        self._keeper.begin()
        if draft.to:
            self.editor.setFocus()
        else:
            self.to.setFocus()

    # Keeping

    def draft(self) -> Draft:
        """What stands in the window."""
        html = self.editor.simple_html()
        return Draft(
            str(self._from.currentData()),
            writing.parse_people(self.to.text()),
            writing.parse_people(self.cc.text()),
            writing.parse_people(self.bcc.text()),
            self.subject.text(),
            self.editor.toPlainText(),
            html,
            self._draft.in_reply_to,
            self._draft.references,
            self.files.files,
        )

    def save(self) -> None:
        """Keeps what is written, here and on the server."""
        if not self.bar.is_busy:
            self._keeper.keep()

    def _written(self) -> Written | None:
        """What stands there; addresses that are not whole yet are kept as they are."""
        account = self._account_of(str(self._from.currentData()))
        if account is None:
            return None
        typed = {"To": self.to.text(), "Cc": self.cc.text(), "Bcc": self.bcc.text()}
        return Written(self.draft(), account, typed)

    def _changed(self) -> None:
        self._state.setText("")
        self._keeper.touch()

    # Sending

    def send(self) -> None:
        """Checks, and lets it go after some seconds in which it can be taken back.

        With a link on its way it waits for that.
        """
        draft = self.draft()
        if self.large.rows and not self.bar.is_busy and not problem_of(draft):
            self._wait_for_links()
        else:
            self.bar.send(draft, self._account_of(str(self._from.currentData())))

    def _wait_for_links(self) -> None:
        self._sends_then = self.large.is_busy
        name = self.large.rows[0].name
        if self._sends_then:
            text = _("The message is sent when the links to your files are in it.")
            self.bar.say("send", text, ((_("Do not send yet"), self._wait_no_more),))
        else:
            text = _("{name} is not in the message. Send it as a link, or remove it.")
            self.bar.warn(text.format(name=name))

    def _wait_no_more(self) -> None:
        self._sends_then = False
        self.bar.hide()

    def _send_if_it_waits(self) -> None:
        """Something has become of a file that is to be a link."""
        if self.bar.is_busy or (self._sends_then and self.large.is_busy):
            return
        waited = self._sends_then
        self._wait_no_more()
        if waited:
            self.send()

    def _add_link(self, words: str) -> None:
        account = self._account_of(str(self._from.currentData()))
        signed = account is not None and bool(account.signature.strip())
        self.editor.add_line(words, above_signature=signed)

    def _gone(self) -> None:
        self._is_over = True
        self.left.emit()
        self.close()

    def discard(self) -> None:
        """Throws the message away, with what was kept of it."""
        self._keeper.drop()
        self._is_over = True
        self.close()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if self.bar.is_busy:
            # It stays in the outbox and leaves by itself.
            self.bar.let_go()
        elif not self._is_over:
            self.save()
        self.large.give_up()
        super().closeEvent(event)

    # Files

    def _room_for_files(self) -> int:
        account = self._account_of(str(self._from.currentData()))
        return writing.room_for_files(account.largest if account is not None else 0)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        found = event.mimeData() if event is not None else None
        if event is not None and found is not None and found.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        found = event.mimeData() if event is not None else None
        if found is not None:
            self.files.attach([url.toLocalFile() for url in found.urls() if url.isLocalFile()])

    # Small things

    def _show_more(self) -> None:
        self._more_rows.show()
        self._more.hide()

    def _show_title(self) -> None:
        self.setWindowTitle(self.subject.text() or _("New message"))

    def _set_editable(self, on: bool) -> None:
        for widget in (self.to, self.cc, self.bcc, self.subject, self.editor, self._from,
                       self.send_button, self._discard, *self._tools):  # fmt: skip
            widget.setEnabled(on)

    def _account_of(self, account_id: str) -> Account | None:
        return next((a for a in self._mail.accounts if a.account_id == account_id), None)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    return rule
