"""Files for which a message has no room: they are offered as links into the user's files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files_links import LinkUpload, Stage
from myco_browser.domain.files import Share
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import size_words
from myco_browser.ui.sidebar.files_share import day_words
from myco_browser.ui.theme import SPACE

if TYPE_CHECKING:
    from myco_browser.bridge.files import Files


class LargeFiles(QWidget):
    """A line for each. `linked` brings the words with a link for the message."""

    linked = pyqtSignal(str)
    refused = pyqtSignal(str)  # why there is nothing to offer
    changed = pyqtSignal()

    def __init__(self, context: Context, files: Callable[[], Files]) -> None:
        super().__init__()
        self._context = context
        self._files = files
        self.rows: list[LargeFile] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, SPACE["xs"])
        self._column.setSpacing(SPACE["xs"])
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way."""
        return any(row.upload.is_busy for row in self.rows)

    def offer(self, path: Path, size: int) -> None:
        """Offers a link instead of a file; where no account can make one, says so."""
        files = self._files()
        if not any(files.has_cloud(one.account_id) for one in files.accounts):
            text = _("{name} is too large to be sent by mail. With a Nextcloud account, which you "
                     "add in the sidebar under Files, it can go as a link.")  # fmt: skip
            self.refused.emit(text.format(name=path.name))
            return
        row = LargeFile(files, path, size, self._context)
        row.upload.changed.connect(self.changed)
        row.upload.made.connect(lambda share: self._linked(row, share))
        row.left.connect(lambda: self._leave(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self.show()

    def give_up(self) -> None:
        """The message is closed: nothing is sent any further."""
        for row in tuple(self.rows):
            row.upload.give_up()
            self._drop(row)

    def _linked(self, row: LargeFile, share: Share) -> None:
        self._drop(row)
        self.linked.emit(row.words(share))
        self.changed.emit()

    def _leave(self, row: LargeFile) -> None:
        row.upload.give_up()
        self._drop(row)
        self.changed.emit()

    def _drop(self, row: LargeFile) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self.rows))


class LargeFile(QFrame):
    """One that is too large, and what can be done about it."""

    left = pyqtSignal()  # it is not wanted

    def __init__(self, files: Files, path: Path, size: int, context: Context) -> None:
        super().__init__()
        self.setObjectName("file")
        self._face, self._language = context.face, context.language
        self._files = files
        self.name = path.name
        self._size = size
        # Where they lie among the user's files; a name, not a sentence.
        self.upload = LinkUpload(files, path, _("Sent by mail"), self)
        self._make()
        self.upload.changed.connect(self._show)
        self._show()

    def words(self, share: Share) -> str:
        """What stands in the message."""
        size = size_words(self._size, self._language)
        if not share.expires:
            return f"{self.name} ({size}): {share.url}"
        text = _("{name} ({size}), until {day}: {link}")
        day = day_words(share.expires, self._language)
        return text.format(name=self.name, size=size, day=day, link=share.url)

    def _make(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], 6, SPACE["xs"], 6)
        row.setSpacing(SPACE["s"])
        self._picture = QLabel()
        row.addWidget(self._picture)
        column = QVBoxLayout()
        column.setSpacing(2)
        title, self.state = QLabel(), QLabel()
        for label in (title, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
        shown = title.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideMiddle, 260)
        title.setText(f"{shown}  ·  {size_words(self._size, self._language)}")
        title.setToolTip(self.name)
        self.state.setObjectName("small")
        self.state.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setRange(0, 1000)
        for widget in (title, self._bar, self.state):
            column.addWidget(widget)
        row.addLayout(column, 1)
        self.send = QPushButton(_("Send as a link from your files"))
        self.send.clicked.connect(self._choose)
        self.again = QPushButton(_("Try again"))
        self.again.clicked.connect(self.upload.again)
        away = tool_button("close", _("Remove {name}").format(name=self.name), self._face)
        away.clicked.connect(self.left)
        for button in (self.send, self.again):
            button.setObjectName("link")
            row.addWidget(button)
        row.addWidget(away)

    def _choose(self) -> None:
        """Begins; where several accounts can make links, the user says which."""
        able = [one for one in self._files.accounts if self._files.has_cloud(one.account_id)]
        if len(able) == 1:
            self.upload.begin(able[0].account_id)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for account in able:
            action = menu.addAction(account.title.replace("&", "&&"))
            if action is not None:
                action.triggered.connect(partial(self._begin, account.account_id))
        menu.popup(self.send.mapToGlobal(QPoint(0, self.send.height())))

    def _begin(self, account_id: str, _checked: bool = False) -> None:
        self.upload.begin(account_id)

    def _show(self) -> None:
        stage = self.upload.stage
        stands = stage in (Stage.STOPPED, Stage.LOCKED, Stage.FAILED)
        tone = self._face.danger if stands else self._face.quiet
        name = "warning" if stands else "upload" if self.upload.is_busy else "file"
        self._picture.setPixmap(pixmap(name, tone, 18, self.devicePixelRatioF()))
        self.state.setText(self._sentence(stage))
        self._bar.setVisible(stage is Stage.SENDING)
        self._bar.setValue(round(1000 * self.upload.done / self._size) if self._size else 0)
        self.send.setVisible(stage is Stage.OFFERED)
        self.again.setVisible(stands)
        self.setAccessibleName(f"{self.name}: {self.state.text()}")

    def _sentence(self, stage: Stage) -> str:
        match stage:
            case Stage.OFFERED:
                return _("Too large to be sent by mail.")
            case Stage.SENDING:
                text = _("On its way to your files: {done} of {size}")
                done = size_words(self.upload.done, self._language)
                return text.format(done=done, size=size_words(self._size, self._language))
            case Stage.LINKING | Stage.DONE:
                return _("The link is being made…")
            case Stage.STOPPED:
                return _("It was stopped under Files.")
            case Stage.LOCKED:
                return _("The passwords of your files are locked. Unlock them in the sidebar, "
                         "under Files.")  # fmt: skip
            case Stage.FAILED:
                return _("It did not get to your files. {reason}").format(
                    reason=_(self.upload.cause.value)
                )
