"""Fields of the pages in the sidebar, one below the other."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QLabel, QLineEdit, QVBoxLayout

from myco_browser.ui.theme import SPACE


def add_field(
    column: QVBoxLayout, title: str, submit: Callable[[], None], *, hidden: bool = False
) -> QLineEdit:
    """A field below its title; Enter in it calls `submit`. `hidden` is for secrets."""
    label = QLabel(title)
    label.setObjectName("strong")
    field = QLineEdit()
    field.setAccessibleName(title)
    if hidden:
        field.setEchoMode(QLineEdit.EchoMode.Password)
    field.returnPressed.connect(submit)
    label.setBuddy(field)
    column.addSpacing(SPACE["s"])
    column.addWidget(label)
    column.addWidget(field)
    return field
