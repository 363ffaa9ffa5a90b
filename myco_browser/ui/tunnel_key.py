"""A key pair of one's own: the public key and its QR code, for whoever runs the gateway."""

from __future__ import annotations

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QGuiApplication, QPixmap
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_WIDTH = 500


class TunnelKeyWindow(QDialog):
    """Shows a public key; the private one never comes here."""

    def __init__(self, window: BrowserWindow, public_key: str) -> None:
        super().__init__(window)
        from myco_vpn import qr  # only who makes a key pays for it

        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Your public key"))
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addWidget(text_label(_("Your public key"), "headline"))
        text = _(
            "Give it to whoever runs the gateway. What you get back, a configuration without a "
            "private key, is completed with yours when you import it here. The private key stays "
            "on this computer."
        )
        column.addWidget(text_label(text, "quiet"))
        picture = QLabel()
        drawn = QPixmap()
        drawn.loadFromData(QByteArray(qr.as_svg(public_key)), "SVG")
        picture.setPixmap(drawn)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName(_("The public key as a QR code"))
        column.addWidget(picture)
        row = QHBoxLayout()
        field = QLineEdit(public_key)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setAccessibleName(_("Your public key"))
        copy = QPushButton(_("Copy"))
        copy.clicked.connect(lambda: _copy(public_key))
        row.addWidget(field, 1)
        row.addWidget(copy)
        column.addLayout(row)
        close = QPushButton(_("Done"))
        close.setObjectName("primary")
        close.clicked.connect(self.close)
        column.addWidget(close)


def _copy(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
