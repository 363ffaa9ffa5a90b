"""The tunnel among the desktop's status icons, where the desktop has a place for them.

Of the everyday session only, and not before the VPN was used or prepared: who does without it sees
no icon.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QSystemTrayIcon

from myco_browser.domain.tunnel import TunnelPhase, TunnelView
from myco_browser.ui.context import Tunnel
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import Face
from myco_browser.ui.tunnel_words import tunnel_words

_SIZE = 22


class TunnelTray(QObject):
    """One icon; a click turns the VPN on or off, as in the toolbar."""

    def __init__(
        self, tunnel: Tunnel, face: Face, show_window: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tunnel = tunnel
        self._face = face
        self.menu = QMenu()
        self.state = self._action("", lambda: None)
        self.state.setEnabled(False)
        self.toggle = self._action("", tunnel.toggle)
        self.block = self._action(_("Block everything"), tunnel.block)
        self.menu.addSeparator()
        self._action(_("Show Myco"), show_window)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        tunnel.changed.connect(self.refresh)
        self.refresh()
        self.icon.show()

    def refresh(self) -> None:
        """Word, colour and picture of what is so now."""
        view = self._tunnel.view
        words = tunnel_words(view)
        self.icon.setIcon(icon(words.icon, getattr(self._face, words.tone), _SIZE))
        self.icon.setToolTip(f"Myco · {words.word}\n{words.leaves}")
        self.state.setText(words.word)
        off = view.phase is TunnelPhase.OFF
        self.toggle.setText(_("Turn the VPN on") if off else _("Turn the VPN off"))
        self.block.setEnabled(view.phase is not TunnelPhase.BLOCKED)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self._tunnel.toggle()

    def _action(self, text: str, act: Callable[[], None]) -> QAction:
        made = QAction(text, self.menu)
        made.triggered.connect(lambda _checked=False: act())
        self.menu.addAction(made)
        return made


def wants_tray(view: TunnelView) -> bool:
    """Whether there is anything to show an icon for."""
    return view.phase is not TunnelPhase.OFF or bool(view.exits) or view.last_exit is not None
