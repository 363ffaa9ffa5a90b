"""The card below the key that offers to keep a password. It takes no focus and waits."""

from __future__ import annotations

import secrets
import time

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt
from PyQt6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from myco_browser.domain.logins import Logins, is_private_way, new_login, with_login
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.resembling import resembled
from myco_browser.domain.urls import host_of
from myco_browser.services.password_store import Opening
from myco_browser.services.passwords import Kept
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.dressing import level_labels
from myco_browser.ui.i18n import _
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.panels import text_label
from myco_browser.ui.password_fields import PasswordField, UnlockRow
from myco_browser.ui.sign_ins import Offer, SignIns
from myco_browser.ui.tab import Tab
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_WIDTH = 400


def show_offer(tab: Tab, sign_ins: SignIns) -> None:
    """Shows the card of a tab, if its window is there and it has something to offer."""
    window, offer = tab.window(), sign_ins.offer
    if not isinstance(window, BrowserWindow) or offer is None:
        return
    if sign_ins.card is not None:
        sign_ins.card.close()
    sign_ins.card = card = OfferCard(window, tab, sign_ins, offer)
    card.show()
    card.place()


class OfferCard(QFrame):
    """One offer: what would be kept, and the answers."""

    def __init__(self, window: BrowserWindow, tab: Tab, sign_ins: SignIns, offer: Offer) -> None:
        super().__init__(window)
        self._window = window
        self._tab = tab
        self._sign_ins = sign_ins
        self._offer = offer
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(_WIDTH, window.width() - 24))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        host = shown_host(host_of(offer.form.origin + "/") or "")
        known = offer.replaces is not None
        title = _("Change the kept password?") if known else _("Keep this password?")
        self.setAccessibleName(title)
        column.addWidget(text_label(title, "heading"))
        column.addWidget(text_label(host, "quiet"))
        for warning in warnings_of(offer.form.origin + "/", offer.kept.logins):
            label = text_label(warning, "strong")
            label.setStyleSheet(f"color: {window.context.face.danger};")
            column.addWidget(label)
        self.name = QLineEdit(offer.form.username or (offer.replaces.username if offer.replaces
                                                      else ""))  # fmt: skip
        self.name.setAccessibleName(_("Name"))
        self.password = PasswordField(window.context.face, offer.form.password)
        form = QFormLayout()
        form.setSpacing(SPACE["s"])
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        form.addRow(_("Name"), self.name)
        form.addRow(_("Password"), self.password)
        column.addLayout(form)
        level_labels(form)
        self.unlock: UnlockRow | None = None
        if offer.kept.opening is not Opening.NOTHING:
            self.unlock = UnlockRow(
                window.context.face, window.context.passwords, offer.kept, self._on_open
            )
            column.addWidget(self.unlock)
        column.addLayout(self._answers(known=known))
        tab.changed.connect(self._follow)
        window.tabs.current_changed.connect(self._follow)
        window.installEventFilter(self)

    def place(self) -> None:
        """Below the key, inside the window."""
        self.adjustSize()
        key = self._window.address.key
        at = key.mapTo(self._window, QPoint(key.width(), key.height() + 8))
        self.move(max(8, min(at.x(), self._window.width() - 8) - self.width()), at.y())
        self.raise_()

    def keep(self) -> None:
        """Keeps the password as it stands here."""
        offer, now = self._offer, int(time.time())
        login = new_login(
            secrets.token_hex(8), offer.form.origin + "/", self.name.text(), self.password.text(),
            now,
        )  # fmt: skip
        if login is not None:
            replaced = offer.replaces
            passwords = self._window.context.passwords
            passwords.change(lambda all_: with_login(all_, login, replaced), self._on_kept)

    def never(self) -> None:
        """Does not ask for this site again."""
        try:
            self._window.context.passwords.never.add(self._offer.form.origin)
        except OSError as error:
            self._tell("warning", _("Could not be saved: {error}").format(error=unwritten(error)))
        self._sign_ins.forget()

    def later(self) -> None:
        """Keeps nothing, and asks again after the next sign-in."""
        self._sign_ins.forget()

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def _answers(self, *, known: bool) -> QVBoxLayout:
        column = QVBoxLayout()
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self.yes = QPushButton(_("Change") if known else _("Keep"))
        self.yes.setObjectName("primary")
        self.yes.setEnabled(self.unlock is None)
        self.yes.clicked.connect(self.keep)
        self.no = QPushButton(_("Not now"))
        self.no.clicked.connect(self.later)
        self.not_here = QPushButton(_("Never for this site"))
        self.not_here.setObjectName("link")
        self.not_here.clicked.connect(self.never)
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addSpacing(SPACE["s"])
        column.addLayout(row)
        column.addWidget(self.not_here, 0, Qt.AlignmentFlag.AlignRight)
        return column

    def _on_open(self, kept: Kept) -> None:
        self._offer = self._offer._replace(kept=kept)
        if self.unlock is not None:
            self.unlock.hide()
        self.yes.setEnabled(True)
        self.yes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place()

    def _on_kept(self, kept: Kept) -> None:
        if kept.problem or kept.opening is not Opening.NOTHING:
            text = _("The password could not be kept: {cause}").format(cause=kept.problem)
            self._tell("warning", text)
            return
        self._tell("key", _("The password is kept."))
        self._sign_ins.forget()

    def _tell(self, icon_name: str, text: str) -> None:
        self._tab.show_notice(NoticeBar(icon_name, text, (), self._window.context.face))

    def _follow(self) -> None:
        self.setVisible(self._window.tabs.current is self._tab)


def warnings_of(urlstr: str, logins: Logins) -> list[str]:
    """What speaks against a password on a page, as sentences."""
    found: list[str] = []
    if not is_private_way(urlstr):
        found.append(_("This page is not encrypted: everybody on the way can read the password."))
    host = host_of(urlstr) or ""
    known = {place for one in logins if (place := host_of(one.origin + "/")) is not None}
    other = resembled(host, known)
    if other is not None:
        text = _("This address looks like {other}, for which you have a password. It is another "
                 "site.")  # fmt: skip
        found.append(text.format(other=shown_host(other)))
    return found
