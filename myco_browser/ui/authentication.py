"""A server asks for a name and a password (RFC 7617, 7616): a dialog that says who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QUrl
from PyQt6.QtNetwork import QAuthenticator
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit

from myco_browser.domain.lookalikes import shown_host
from myco_browser.ui.dressing import level_labels
from myco_browser.ui.i18n import _
from myco_browser.web.page import WebPage

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab


def watch_authentication(tab: Tab, page: WebPage) -> None:
    """Asks the user when `page` needs a password; cancelling shows the server's own answer."""
    page.authenticationRequired.connect(
        lambda url, authenticator: _on_required(tab, url, authenticator)
    )


def _on_required(tab: Tab, url: QUrl, authenticator: QAuthenticator) -> None:
    tab.picked.emit()
    dialog = QDialog(tab.window())
    dialog.setWindowTitle(_("Sign in"))
    dialog.setMinimumWidth(420)
    form = QFormLayout(dialog)
    host = shown_host(url.host())
    lines = [_("{host} asks for a name and a password.").format(host=host)]
    if url.scheme() != "https":
        lines.append(_("They are sent without encryption."))
    label = QLabel("\n".join(lines))
    label.setWordWrap(True)
    form.addRow(label)
    name, password = QLineEdit(), QLineEdit()
    password.setEchoMode(QLineEdit.EchoMode.Password)
    form.addRow(_("Name"), name)
    form.addRow(_("Password"), password)
    buttons = QDialogButtonBox()
    if (go := buttons.addButton(_("Sign in"), QDialogButtonBox.ButtonRole.AcceptRole)) is not None:
        go.setObjectName("primary")
    buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    form.addRow(buttons)
    level_labels(form)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        authenticator.setUser(name.text())
        authenticator.setPassword(password.text())
    else:
        # Left as it is, the engine would ask the server with no name, which asks again: for ever.
        sip.assign(authenticator, QAuthenticator())
    dialog.deleteLater()
