"""One download in a list: its name, how far it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSize, Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.dangerous_files import OPENABLE
from myco_browser.domain.downloads import Cause, Download, Phase
from myco_browser.ui.context import Context
from myco_browser.ui.download_list import DownloadList
from myco_browser.ui.download_words import anew_words, place_words, state_words
from myco_browser.ui.files_entries import add_download_entries
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon, pixmap
from myco_browser.ui.theme import SPACE

Act = Callable[[], object]


class DownloadRow(QWidget):
    """Live while its list is open. `check` opens the comparison of checksums."""

    def __init__(
        self,
        downloads: DownloadList,
        number: int,
        context: Context,
        check: Callable[[Download], None],
    ) -> None:
        super().__init__()
        self._downloads = downloads
        self._number = number
        self._context = context
        self._check = check
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE["s"], 0, SPACE["s"])
        row.setSpacing(SPACE["m"])
        self._picture = QLabel()
        self._picture.setFixedWidth(20)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(SPACE["xs"])
        self._name = _label("strong")
        # A long name is cut in the middle; it must not make the row wider than its list.
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._name.setMinimumWidth(80)
        self._state = _label("quiet")
        self._state.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        for widget in (self._name, self._bar, self._state):
            column.addWidget(widget)
        self._words = QHBoxLayout()
        self._words.setSpacing(SPACE["s"])
        column.addLayout(self._words)
        row.addLayout(column, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE["xs"])
        row.addLayout(self._buttons)
        self._offered: tuple[str, ...] = ()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._show_name()
        self._make_room()

    def refresh(self) -> None:
        """Shows what is so now."""
        download = self._downloads.get(self._number)
        if download is None:
            return
        self._show_name()
        speed = self._downloads.speeds.get(self._number)
        words = state_words(download, speed, self._context.language)
        is_missing = download.phase is Phase.DONE and not self._file(download).exists()
        if is_missing:
            words = _("The file is not there any more.")
        # More follows on the line, so a sentence does not end there.
        line = " · ".join((words.removesuffix("."), place_words(download)))
        self._state.setText("\n".join(part for part in (line, anew_words(download)) if part))
        self._make_room()
        self._show_bar(download)
        self._show_picture(download)
        self._offer(self._acts(download, is_missing))

    def _show_name(self) -> None:
        download = self._downloads.get(self._number)
        if download is not None:
            # The ending tells what a file is: it is never what falls away.
            metrics = self._name.fontMetrics()
            middle = Qt.TextElideMode.ElideMiddle
            width = max(80, self._name.width())
            self._name.setText(metrics.elidedText(download.name, middle, width))
            self._name.setToolTip(download.name)
            self.setAccessibleName(download.name)

    def _make_room(self) -> None:
        # Layouts ask a wrapping text for its height before they know its width.
        self._state.setMinimumHeight(self._state.heightForWidth(self._state.width()))

    def _show_bar(self, download: Download) -> None:
        moving = download.phase in (Phase.RUNNING, Phase.PAUSED)
        stopped = download.phase is Phase.STOPPED and download.received > 0
        self._bar.setVisible(moving or (stopped and download.total is not None))
        total = download.total or 0
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(download.received * 1000 // total)
        self._bar.setAccessibleName(download.name)

    def _show_picture(self, download: Download) -> None:
        face = self._context.face
        match download.phase:
            case Phase.HELD:
                name, colour = "warning", face.warning
            case Phase.STOPPED if download.cause not in (Cause.CANCELLED, Cause.ENDED):
                name, colour = "warning", face.danger
            case Phase.DONE:
                name, colour = "file", face.accent
            case _:
                name, colour = "download", face.quiet
        self._picture.setPixmap(pixmap(name, colour, 20, self.devicePixelRatioF()))

    def _acts(self, download: Download, is_missing: bool) -> list[tuple[str, str, Act]]:
        """What stands beside it: an icon or "", its name, and what it does."""
        downloads, number = self._downloads, self._number
        match download.phase:
            case Phase.RUNNING:
                return [("pause", _("Pause"), lambda: downloads.pause(number)),
                        ("close", _("Cancel"), lambda: downloads.cancel(number))]  # fmt: skip
            case Phase.PAUSED:
                return [("play", _("Go on"), lambda: downloads.resume(number)),
                        ("close", _("Cancel"), lambda: downloads.cancel(number))]  # fmt: skip
            case Phase.CHECKING:
                return []
            case Phase.HELD:
                return [("", _("Delete"), lambda: downloads.forget(number)),
                        ("", _("Keep anyway"), lambda: downloads.keep(number))]  # fmt: skip
            case Phase.STOPPED:
                again = _("Go on") if download.received else _("Begin again")
                shown = [("reload", again, lambda: downloads.resume(number))]
                return [*(shown if downloads.can_go_on(download) else []), self._more(download)]
            case Phase.DONE:
                can_open = download.danger is None or download.danger in OPENABLE
                shown = [("folder", _("Open folder"), lambda: self._open_folder(download))]
                if can_open and not is_missing:
                    shown.insert(0, ("", _("Open"), lambda: self._open(download)))
                return [*shown, self._more(download)]

    def _more(self, download: Download) -> tuple[str, str, Act]:
        return ("more", _("More"), lambda: self._show_menu(download))

    def _offer(self, acts: list[tuple[str, str, Act]]) -> None:
        names = tuple(text for _icon, text, _act in acts)
        if names == self._offered:
            return
        self._offered = names
        for layout in (self._buttons, self._words):
            while (item := layout.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
        is_question = not any(name for name, _text, _act in acts)
        for name, text, act in acts:
            layout = self._words if is_question else self._buttons
            layout.addWidget(self._button(name, text, act))
        if is_question and acts:
            self._words.addStretch(1)

    def _button(self, name: str, text: str, act: Act) -> QWidget:
        if not name:
            plain = QPushButton(text)
            plain.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            plain.clicked.connect(lambda _checked=False: act())
            return plain
        button = QToolButton()
        button.setIcon(icon(name, self._context.face.text, 18))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _show_menu(self, download: Download) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        colour = self._context.face.quiet

        def add(name: str, text: str, act: Act) -> None:
            action = menu.addAction(icon(name, colour, 16), text)
            if action is not None:
                action.triggered.connect(lambda _checked=False: act())

        if download.phase is Phase.DONE:
            add_download_entries(menu, self._context, self._file(download))
            add("check", _("Compare checksum…"), lambda: self._check(download))
        if site_is_known(download):
            add("copy", _("Copy the address of the file"), lambda: _copy(download.url))
        forget = self._downloads.forget
        add("trash", _("Remove from the list"), lambda: forget(self._number))
        at = self.mapToGlobal(self.rect().bottomRight())
        at.setX(at.x() - menu.sizeHint().width())
        menu.popup(at)

    def _open(self, download: Download) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file(download))))

    def _open_folder(self, download: Download) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(download.folder))

    @staticmethod
    def _file(download: Download) -> Path:
        return Path(download.folder, download.name)


def site_is_known(download: Download) -> bool:
    """Whether there is an address to copy."""
    return download.url.startswith(("http:", "https:"))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _copy(text: str) -> None:
    if (clipboard := QGuiApplication.clipboard()) is not None:
        clipboard.setText(text)
