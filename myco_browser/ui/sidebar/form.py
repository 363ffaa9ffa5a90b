"""Fields of the pages in the sidebar, one below the other."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

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


def scrolling_column(page: QWidget) -> QVBoxLayout:
    """The column of a page; it can be scrolled where the window is low."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    inner = QWidget()
    area.setWidget(inner)
    if (ground := area.viewport()) is not None:
        ground.setAutoFillBackground(False)
    # A widget that is given to the area fills its ground, which is not the panel's.
    inner.setAutoFillBackground(False)
    outer.addWidget(area)
    return QVBoxLayout(inner)
