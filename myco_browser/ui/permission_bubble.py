"""What a page asks for, below the address: the page goes on, and nothing is given by accident.

It takes no keys from the page, and its buttons work only after a moment, so that neither typing nor
a click that was meant for the page answers it.
"""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PyQt6.QtWebEngineCore import QWebEnginePage
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from myco_browser.domain.asking import Answer
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.site_settings import Permission
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon, pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.permission_names import permission_icon, permission_name, permission_sentence
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.permission_desk import Ask

_WIDTH = 400
_WARM_UP_MS = 500


class PermissionBubble(QFrame):
    """One wish, with its answers."""

    def __init__(self, window: BrowserWindow, page: QWebEnginePage, ask: Ask) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self.ask = ask
        self._face = window.context.face
        self.setObjectName("popup")
        self.setAccessibleName(self._headline())
        self.setFixedWidth(min(_WIDTH, window.width() - 24))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["m"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        self._add_head(column)
        for permission in ask.wanted:
            self._add_wish(column, permission)
        self.sources = self._add_sources(column)
        self.buttons = self._add_buttons(column)
        self.setFixedHeight(column.totalHeightForWidth(self.width()))
        self._set_warm(False)
        # A timer of its own: it ends with the bubble.
        warming = QTimer(self)
        warming.setSingleShot(True)
        warming.timeout.connect(lambda: self._set_warm(True))
        warming.start(_WARM_UP_MS)

    def place(self) -> None:
        """Below the chip at the left of the address."""
        chip = self._window.address.chip
        at = chip.mapTo(self._window, QPoint(0, chip.height() + 8))
        self.move(max(8, min(at.x(), self._window.width() - self.width() - 8)), at.y())
        self.raise_()

    def answer(self, answer: Answer) -> None:
        """Gives the user's answer."""
        source = self.sources.currentIndex() if self.sources is not None else 0
        try:
            self._window.context.permissions.answer(self._page, self.ask, answer, max(source, 0))
        except OSError as error:
            from myco_browser.ui.disk_words import unwritten  # few need it

            text = _("This holds until you quit, but could not be saved: {error}")
            self._window.tell("warning", text.format(error=unwritten(error)))

    def _headline(self) -> str:
        host = shown_host(self.ask.host) or _("This page")
        if self.ask.top_host:
            top = shown_host(self.ask.top_host)
            return _("{host}, which is inside {top}, asks for").format(host=host, top=top)
        return _("{host} asks for").format(host=host)

    def _add_head(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.addWidget(text_label(self._headline(), "strong"), 1)
        close = QPushButton()
        close.setObjectName("link")
        close.setIcon(icon("close", self._face.quiet))
        close.setToolTip(_("Not now"))
        close.setAccessibleName(_("Not now"))
        close.clicked.connect(lambda: self.answer(Answer.NOT_NOW))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)

    def _add_wish(self, column: QVBoxLayout, permission: Permission) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        picture.setPixmap(pixmap(permission_icon(permission), self._face.accent, 24, ratio))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(permission_name(permission), "strong"))
        words.addWidget(text_label(permission_sentence(permission), "quiet"))
        row.addLayout(words, 1)
        column.addLayout(row)

    def _add_sources(self, column: QVBoxLayout) -> QComboBox | None:
        if Permission.SCREEN not in self.ask.wanted:
            return None
        box = QComboBox()
        box.setAccessibleName(_("What to share"))
        for number, name in enumerate(self.ask.sources, start=1):
            box.addItem(name or _("Screen {number}").format(number=number))
        column.addWidget(box)
        return box

    def _add_buttons(self, column: QVBoxLayout) -> dict[Answer, QPushButton]:
        labels = {Answer.NEVER: _("Never"), Answer.ALWAYS: _("Always"), Answer.ONCE: _("Once")}
        if not self.ask.may_remember:
            labels = {Answer.NOT_NOW: _("Not now"), Answer.ONCE: _("Once")}
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        made: dict[Answer, QPushButton] = {}
        for answer, label in labels.items():
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _down=False, chosen=answer: self.answer(chosen))
            made[answer] = button
            row.addWidget(button, 1)
        column.addSpacing(SPACE["xs"])
        column.addLayout(row)
        if self._window.context.private and self.ask.may_remember:
            column.addWidget(text_label(_("Kept until the private windows are closed."), "small"))
        return made

    def _set_warm(self, warm: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(warm)


class PermissionBubbles(QObject):
    """Shows what the page in front of a window asks for, one wish after the other."""

    def __init__(self, window: BrowserWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bubble: PermissionBubble | None = None
        window.tabs.current_changed.connect(self._follow)
        desk = window.context.permissions
        link = desk.changed.connect(self._follow)
        window.destroyed.connect(lambda: QObject.disconnect(link))
        window.installEventFilter(self)

    def focus(self) -> None:
        """Puts the focus on what is asked."""
        if self._bubble is not None:
            for button in self._bubble.buttons.values():
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self._bubble is not None:
            self._bubble.place()
        return False

    def _follow(self, *_changed: object) -> None:
        tab = self._window.tabs.current
        page = tab.page if tab is not None else None
        waiting = self._window.context.permissions.waiting(page) if page is not None else ()
        if self._bubble is not None and (not waiting or self._bubble.ask is not waiting[0]):
            self._bubble.hide()
            self._bubble.deleteLater()
            self._bubble = None
        if waiting and page is not None and self._bubble is None:
            self._bubble = PermissionBubble(self._window, page, waiting[0])
            self._bubble.place()
            self._bubble.show()
