"""Asks for the name of a file or folder."""

from __future__ import annotations

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QDialogButtonBox, QInputDialog, QLineEdit, QWidget

from myco_browser.ui.i18n import _

_WIDTH = 400


def ask_name(
    parent: QWidget, title: str, verb: str, before: str = "", *, is_folder: bool = True
) -> str:
    """What was typed, or "" when the user thought better of it; `verb` stands on the button."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(_("Name"))
    dialog.setTextValue(before)
    dialog.setOkButtonText(verb)
    dialog.setCancelButtonText(_("Cancel"))
    dialog.resize(_WIDTH, dialog.sizeHint().height())
    box = dialog.findChild(QDialogButtonBox)
    if (agree := box.button(QDialogButtonBox.StandardButton.Ok)) is not None:
        agree.setObjectName("primary")
        if (style := agree.style()) is not None:
            # Its style was chosen when the dialog was measured.
            style.unpolish(agree)
            style.polish(agree)
    stem = before if is_folder else before.rpartition(".")[0]
    field = dialog.findChild(QLineEdit)
    if stem:
        # The ending says what kind of file it is, and is rarely meant. The dialog selects all.
        QTimer.singleShot(0, lambda: field.setSelection(0, len(stem)))
    agreed = dialog.exec()
    name = dialog.textValue().strip() if agreed else ""
    dialog.deleteLater()
    return name
