"""A field for a password that can be looked at, and the row that opens the store."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.services.password_store import Opening
from myco_browser.services.passwords import Kept, Passwords
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face

_LEAST = 8


class PasswordField(QLineEdit):
    """Shows dots until the eye in it is pressed. Nothing typed here is remembered by Qt."""

    def __init__(self, face: Face, text: str = "", name: str = "") -> None:
        super().__init__(text)
        self._face = face
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.setAccessibleName(name or _("Password"))
        self.eye = QAction(self)
        self.eye.setCheckable(True)
        # The eye itself takes no focus: the key counts while the field has it.
        self.eye.setShortcut(QKeySequence("Alt+P"))
        self.eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.eye.toggled.connect(self.reveal)
        self.addAction(self.eye, QLineEdit.ActionPosition.TrailingPosition)
        self.reveal(False)

    def reveal(self, on: bool) -> None:
        """Shows the letters, or dots again."""
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self.eye.setIcon(icon("eye-off" if on else "eye", self._face.quiet, 16))
        self.eye.setText(_("Hide password") if on else _("Show password"))


class UnlockRow(QWidget):
    """Says what is wanted to open the store, and opens it. `done` gets what is there then."""

    def __init__(
        self, face: Face, passwords: Passwords, kept: Kept, done: Callable[[Kept], None]
    ) -> None:
        super().__init__()
        self._passwords = passwords
        self._done = done
        self._opening = kept.opening
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])
        column.addWidget(text_label(opening_words(kept.opening), "quiet"))
        self.field = PasswordField(face, name=_("Passphrase"))
        self.field.setPlaceholderText(_("Passphrase"))
        self.again = PasswordField(face, name=_("The same again"))
        self.again.setPlaceholderText(_("The same again"))
        self.button = QPushButton(_("Open"))
        self._problem = text_label(kept.problem, "strong")
        self._problem.setStyleSheet(f"color: {face.danger};")
        self._problem.setVisible(bool(kept.problem))
        asks = kept.opening in (Opening.PASSPHRASE, Opening.NEW_PASSPHRASE)
        self.field.setVisible(asks)
        self.again.setVisible(kept.opening is Opening.NEW_PASSPHRASE)
        if kept.opening is Opening.NEW_PASSPHRASE:
            self.button.setText(_("Set passphrase"))
        elif kept.opening is Opening.KEYRING:
            self.button.setText(_("Try again"))
        for widget in (self.field, self.again, self._problem):
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self.open)
        for field in (self.field, self.again):
            field.returnPressed.connect(self.open)

    def open(self) -> None:
        """Takes what was typed."""
        text = self.field.text()
        if self._opening is Opening.NEW_PASSPHRASE:
            if len(text) < _LEAST:
                self._tell(_("At least {count} letters, please.").format(count=_LEAST))
                return
            if text != self.again.text():
                self._tell(_("The two are not the same."))
                return
        self.button.setEnabled(False)
        if self._opening is Opening.KEYRING:
            self._passwords.look(self._on_kept)
        else:
            self._passwords.open_with(text, self._on_kept)

    def _on_kept(self, kept: Kept) -> None:
        self.button.setEnabled(True)
        if kept.opening is Opening.NOTHING and not kept.problem:
            self.field.clear()
            self.again.clear()
            self._done(kept)
        else:
            wrong = kept.opening is Opening.PASSPHRASE
            words = _("The passphrase is wrong.") if wrong else opening_words(kept.opening)
            self._tell(kept.problem or words)

    def _tell(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.show()


def opening_words(opening: Opening) -> str:
    """Why the passwords are closed."""
    match opening:
        case Opening.NOTHING:
            return ""
        case Opening.PASSPHRASE:
            return _("Your passwords are sealed. Type your passphrase to open them.")
        case Opening.NEW_PASSPHRASE:
            return _("This desktop has no keyring. Choose a passphrase to seal your passwords "
                     "with; without it nobody can open them again, not even you.")  # fmt: skip
        case Opening.KEYRING:
            return _("The keyring of the desktop does not give the key to your passwords. "
                     "Unlock the keyring, then try again.")  # fmt: skip
