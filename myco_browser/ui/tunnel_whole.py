"""The part of the tunnel's panel that is about the whole computer."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from myco_browser.domain.tunnel import TunnelView, WholePhase
from myco_browser.ui.context import Tunnel
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE

_NAME_WIDTH = 130
COMMAND = "sudo myco-vpn whole-computer install"


def whole_section(
    view: TunnelView, tunnel: Tunnel, push: Callable[[str, Callable[[], None]], QPushButton]
) -> QWidget:
    """How the rest of the computer goes, and the one button for it."""
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE["s"])
    for label in _words(view):
        column.addWidget(label)
    chosen = view.exit()
    if view.whole is WholePhase.NOT_INSTALLED:
        return section
    if view.whole is WholePhase.OFF and chosen is not None:
        right = Qt.TextElideMode.ElideRight
        name = section.fontMetrics().elidedText(chosen.name, right, _NAME_WIDTH)
        text = _("Protect the whole computer by {name}").format(name=name)
        button = push(text, lambda: tunnel.protect_computer(chosen.exit_id))
        button.setToolTip(
            _("Myco's own tunnel by this exit is turned off then: one key serves one tunnel.")
        )
        column.addWidget(button)
    elif view.whole is not WholePhase.OFF:
        column.addWidget(push(_("Stop protecting the computer"), tunnel.release_computer))
    return section


def _words(view: TunnelView) -> list[QLabel]:
    match view.whole:
        case WholePhase.NOT_INSTALLED:
            hint = text_label(
                _("Only Myco uses this tunnel; other programs go their own way. An administrator "
                  "can add protection for the whole computer:"),
                "small",
            )  # fmt: skip
            command = text_label(COMMAND, "strong")
            command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            return [hint, command]
        case WholePhase.OFF:
            return [
                text_label(
                    _("Only Myco uses its tunnel; other programs go their own way."), "small"
                )
            ]
        case WholePhase.BLOCKED:
            return [
                text_label(_("The whole computer is blocked: nothing leaves it, by any program."),
                           "strong")
            ]  # fmt: skip
        case WholePhase.CONNECTING:
            return [
                text_label(_("The whole computer waits for its gateway: nothing else leaves it."),
                           "strong")
            ]  # fmt: skip
        case WholePhase.PROTECTED:
            return [
                text_label(_("The whole computer is protected: every program uses the tunnel."),
                           "strong")
            ]  # fmt: skip
