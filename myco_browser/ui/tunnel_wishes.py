"""When the tunnel connects by itself: the switches in its panel."""

from __future__ import annotations

from PyQt6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from myco_browser.domain.controls import Setting
from myco_browser.domain.settings import VPN_AT_START, VPN_UNTRUSTED
from myco_browser.domain.settings_snapshot import Change
from myco_browser.domain.tunnel import TunnelView
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE


def wishes_section(view: TunnelView, context: Context) -> QWidget:
    """Of the everyday session; private ones have a setting of their own."""
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE["s"])
    tunnel, settings = context.tunnel, context.settings
    for setting in (VPN_AT_START, VPN_UNTRUSTED):
        box = QCheckBox(_(setting.title))
        box.setToolTip(_(setting.description))
        box.setChecked(settings.settings[setting])

        def change(on: bool, setting: Setting[bool] = setting) -> None:
            settings.change(Change(setting, on))
            tunnel.follow_networks()

        box.toggled.connect(change)
        column.addWidget(box)
    if (network := view.network) is None:
        return section
    if not network.name:
        column.addWidget(text_label(_("This network cannot be recognised: not trusted."), "quiet"))
        return section
    trusted = QCheckBox(_("Trust this network: {name}").format(name=network.name))
    trusted.setToolTip(_("On a trusted network the VPN does not turn on by itself."))
    trusted.setChecked(network.trusted)
    trusted.toggled.connect(tunnel.trust_network)
    column.addWidget(trusted)
    return section
