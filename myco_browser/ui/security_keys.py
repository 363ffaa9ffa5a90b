"""Security keys (WebAuthn, W3C Web Authentication 3): what the engine wants to know, asked by us.

The card lies over the tab whose page asked, and nowhere else. It goes away with the request, the
page or the tab; closing it tells the page that the user did not want to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWebEngineCore import QWebEngineWebAuthPinRequest, QWebEngineWebAuthUxRequest
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.lookalikes import shown_host
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.password_fields import PasswordField
from myco_browser.ui.theme import SPACE

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab

_Request = QWebEngineWebAuthUxRequest
_State = _Request.WebAuthUxState
_Failure = _Request.RequestFailureReason
_PinError = _Request.PinEntryError
_PinReason = _Request.PinEntryReason
_WIDTH = 400


class SecurityKeyCard(QWidget):
    """One request of one page, in whatever state it is."""

    def __init__(self, tab: Tab, request: QWebEngineWebAuthUxRequest) -> None:
        super().__init__(tab)
        self._tab = tab
        self._request: QWebEngineWebAuthUxRequest | None = request
        self.setObjectName("veil")
        self.setStyleSheet("QWidget#veil { background: rgba(0, 0, 0, 90); }")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["xl"])
        self._card = QFrame()
        self._card.setObjectName("popup")
        self._card.setFixedWidth(_WIDTH)
        outer.addWidget(
            self._card, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        )  # fmt: skip
        self._column = QVBoxLayout(self._card)
        self._column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        self._column.setSpacing(SPACE["m"])
        self._inside = QWidget()
        self.buttons: list[QPushButton] = []
        self.pin: QLineEdit | None = None
        self.again: QLineEdit | None = None
        self._problem: QLabel | None = None
        self._host = shown_host(request.relyingPartyId() or "")
        request.stateChanged.connect(self._show_state)
        request.destroyed.connect(self._on_gone)
        tab.installEventFilter(self)
        self.setGeometry(tab.rect())
        self.show()
        self.raise_()
        self._show_state(request.state())

    def cancel(self) -> None:
        """The user does not want to; the page is told so."""
        request, self._request = self._request, None
        if request is not None:
            request.cancel()
        self.close()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.cancel()

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._tab.rect())
        return False

    def _on_gone(self) -> None:
        self._request = None
        self.close()

    def _show_state(self, state: QWebEngineWebAuthUxRequest.WebAuthUxState) -> None:
        request = self._request
        if request is None:
            return
        if state in (_State.Completed, _State.Cancelled):
            self._on_gone()
            return
        self._begin()
        if state == _State.SelectAccount:
            self._ask_account(request)
        elif state == _State.CollectPin:
            self._ask_pin(request)
        elif state == _State.RequestFailed:
            self._tell_failure(request)
        else:
            self._ask_touch()

    # What the card says

    def _begin(self) -> None:
        self._inside.setParent(None)
        self._inside.deleteLater()
        self._inside = QWidget()
        self._column.addWidget(self._inside)
        self.buttons, self.pin, self.again, self._problem = [], None, None, None
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])

    def _say(self, heading: str, text: str, *, icon_name: str = "key") -> QVBoxLayout:
        column = self._inside.layout()
        assert isinstance(column, QVBoxLayout)
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        picture.setPixmap(pixmap(icon_name, self._tab.context.face.accent, 32, ratio))
        column.addWidget(picture)
        column.addWidget(text_label(heading, "heading"))
        column.addWidget(text_label(text, "quiet"))
        self.setAccessibleName(heading)
        return column

    def _ask_touch(self) -> None:
        text = _("{host} wants to know that it is you. Put the key in, or hold it to the reader, "
                 "and touch it when it blinks.")  # fmt: skip
        column = self._say(_("Touch your security key"), text.format(host=self._host))
        self._answers(column, [])

    def _ask_account(self, request: QWebEngineWebAuthUxRequest) -> None:
        text = _("Your security key knows several accounts for {host}.")
        column = self._say(_("Which account?"), text.format(host=self._host))
        for name in request.userNames():
            button = QPushButton(name or _("(no name)"))
            button.setObjectName("login")
            button.clicked.connect(lambda _on=False, who=name: request.setSelectedAccount(who))
            self.buttons.append(button)
            column.addWidget(button)
        self._answers(column, [])
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_pin(self, request: QWebEngineWebAuthUxRequest) -> None:
        wanted = request.pinRequest()
        sets = wanted.reason in (_PinReason.Set, _PinReason.Change)
        heading = _("Choose a PIN for your security key") if sets else _("PIN of your security key")
        text = _("It stays between you and the key: {host} does not get it.")
        column = self._say(heading, text.format(host=self._host))
        self.pin = PasswordField(self._tab.context.face, name=_("PIN"))
        column.addWidget(self.pin)
        if sets:
            self.again = PasswordField(self._tab.context.face, name=_("The same again"))
            self.again.setPlaceholderText(_("The same again"))
            column.addWidget(self.again)
        self._problem = text_label(pin_problem(wanted), "strong")
        self._problem.setStyleSheet(f"color: {self._tab.context.face.danger};")
        self._problem.setVisible(bool(self._problem.text()))
        column.addWidget(self._problem)
        go = QPushButton(_("Continue"))
        go.clicked.connect(lambda: self._send_pin(request, wanted.minPinLength))
        for field in (self.pin, self.again):
            if field is not None:
                field.returnPressed.connect(lambda: self._send_pin(request, wanted.minPinLength))
        self._answers(column, [go])
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_pin(self, request: QWebEngineWebAuthUxRequest, least: int) -> None:
        assert self.pin is not None
        text = self.pin.text()
        if len(text) < least:
            self._tell(_("At least {count} letters, please.").format(count=least))
        elif self.again is not None and self.again.text() != text:
            self._tell(_("The two are not the same."))
        elif self._request is not None:
            self.pin.clear()
            request.setPin(text)

    def _tell(self, text: str) -> None:
        if self._problem is not None:
            self._problem.setText(text)
            self._problem.show()

    def _tell_failure(self, request: QWebEngineWebAuthUxRequest) -> None:
        reason = request.requestFailureReason()
        column = self._say(_("That did not work"), failure_words(reason), icon_name="warning")
        again = QPushButton(_("Try again"))
        again.clicked.connect(request.retry)
        can_retry = reason in (_Failure.Timeout, _Failure.KeyNotRegistered,
                               _Failure.SoftPinBlock, _Failure.UserConsentDenied,
                               _Failure.AuthenticatorRemovedDuringPinEntry)  # fmt: skip
        self._answers(column, [again] if can_retry else [])

    def _answers(self, column: QVBoxLayout, more: list[QPushButton]) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        row.addStretch(1)
        self.no = QPushButton(_("Cancel"))
        self.no.clicked.connect(self.cancel)
        row.addWidget(self.no)
        for button in more:
            button.setObjectName("primary")
            self.buttons.append(button)
            row.addWidget(button)
        column.addSpacing(SPACE["s"])
        column.addLayout(row)
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)


def pin_problem(wanted: QWebEngineWebAuthPinRequest) -> str:
    """What was wrong with the PIN before, and how often it may still be tried."""
    words = {
        _PinError.WrongPin: _("The PIN is wrong."),
        _PinError.TooShort: _("The PIN is too short."),
        _PinError.InvalidCharacters: _("The key does not take these letters."),
        _PinError.SameAsCurrentPin: _("This is the PIN that the key has already."),
        _PinError.InternalUvLocked: _("The key does not know your finger. Type its PIN."),
    }.get(wanted.error, "")
    left = wanted.remainingAttempts
    if wanted.error == _PinError.WrongPin and left > 0:
        tries = ngettext("{count} try is left.", "{count} tries are left.", left)
        words = f"{words} {tries.format(count=left)}"
    return words


def failure_words(reason: QWebEngineWebAuthUxRequest.RequestFailureReason) -> str:
    """Why a request failed, for people."""
    return {
        _Failure.Timeout: _("No key was touched in time."),
        _Failure.KeyNotRegistered: _("This site does not know the key."),
        _Failure.KeyAlreadyRegistered: _("This site knows the key already."),
        _Failure.SoftPinBlock: _("The PIN was wrong too often. Take the key out, put it in again, "
                                 "and try once more."),
        _Failure.HardPinBlock: _("The PIN was wrong too often: the key is locked. It has to be "
                                 "reset, which forgets everything on it."),
        _Failure.AuthenticatorRemovedDuringPinEntry: _("The key was taken out."),
        _Failure.AuthenticatorMissingResidentKeys: _("The key cannot keep accounts."),
        _Failure.AuthenticatorMissingUserVerification: _("The key has neither a PIN nor a finger "
                                                         "reader, and the site wants one."),
        _Failure.AuthenticatorMissingLargeBlob: _("The key cannot keep what the site wants."),
        _Failure.NoCommonAlgorithms: _("Key and site know no common method."),
        _Failure.StorageFull: _("There is no room left on the key."),
    }.get(reason, _("It was not allowed."))  # fmt: skip
