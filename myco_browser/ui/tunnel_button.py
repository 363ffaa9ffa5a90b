"""The tunnel in the toolbar: one click turns it on or off, the arrow beside it tells more."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from myco_browser.domain.tunnel import TunnelPhase, TunnelView
from myco_browser.ui.dressing import set_property
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import Face
from myco_browser.ui.tunnel_words import tunnel_words

_LONGEST = 26
_LONGEST_SHORT = 14


class TunnelButton(QWidget):
    """Shows a view of the tunnel; what clicks do is joined by the window's actions."""

    clicked = pyqtSignal()
    panel_wanted = pyqtSignal()
    dropped = pyqtSignal(object)  # QMimeData

    def __init__(self, face: Face, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._view = TunnelView()
        self._is_short = False
        self.setAcceptDrops(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.badge = QToolButton()
        self.badge.setObjectName("tunnel")
        self.badge.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.badge.setIconSize(QSize(18, 18))
        self.badge.clicked.connect(self.clicked)
        self.badge.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.badge.customContextMenuRequested.connect(lambda _at: self.panel_wanted.emit())
        self.arrow = QToolButton()
        self.arrow.setObjectName("tunnelmore")
        self.arrow.setIcon(icon("chevron-down", face.quiet, 14))
        self.arrow.setIconSize(QSize(14, 14))
        self.arrow.setToolTip(_("VPN: exits and details"))
        self.arrow.setAccessibleName(_("VPN: exits and details"))
        self.arrow.clicked.connect(self.panel_wanted)
        row.addWidget(self.badge)
        row.addWidget(self.arrow)
        self.show_view(self._view)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the icon alone stands for the state; the address needs the room."""
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if narrow:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        self.badge.setToolButtonStyle(style)

    def set_short(self, short: bool) -> None:
        """In a window that is not wide, the exit's name or the bare state has to do."""
        if short != self._is_short:
            self._is_short = short
            self.show_view(self._view)

    def show_view(self, view: TunnelView) -> None:
        """Word, colour and icon of what is so now."""
        self._view = view
        words = tunnel_words(view)
        word, longest = words.word, _LONGEST
        if self._is_short and words.short:
            word, longest = words.short, _LONGEST_SHORT
        if len(word) > longest:
            word = f"{word[: longest - 1]}…"
        self.badge.setText(f" {word}")  # Qt leaves next to no room beside the icon
        self.badge.setIcon(icon(words.icon, getattr(self._face, words.tone), 18))
        tip = _("Click to turn the VPN off.")
        if view.phase is TunnelPhase.OFF:
            tip = _("Click to turn the VPN on.")
        self.badge.setToolTip(f"{words.word}\n{words.leaves}\n{tip}")
        self.badge.setAccessibleName(_("VPN: {state}").format(state=words.word))
        set_property(self.badge, "tone", words.tone)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        found = event.mimeData() if event is not None else None
        if event is not None and found is not None and (found.hasUrls() or found.hasText()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is not None and (found := event.mimeData()) is not None:
            event.acceptProposedAction()
            self.dropped.emit(found)
