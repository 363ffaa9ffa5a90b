"""How widgets are dressed: properties that the style sheet knows, and sizes that fit."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFormLayout, QWidget

_MARGIN = 24  # for the frame that the desktop puts around a window


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Sets a property and has the widget dressed anew.

    A widget that was never shown is dressed later anyhow; at the start that saves making the
    many names of Qt's styles.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    if (style := widget.style()) is not None:
        style.unpolish(widget)
        style.polish(widget)


def usual_size(window: QWidget, width: int, height: int) -> None:
    """Gives a window its size in pixels, or as much of it as its screen has room for."""
    screen = (window.parentWidget() or window).screen()
    if screen is not None:
        room = screen.availableGeometry()
        width, height = min(width, room.width() - _MARGIN), min(height, room.height() - _MARGIN)
    window.resize(width, height)


def level_labels(form: QFormLayout) -> None:
    """Puts the labels of a form at the height of their fields' first lines.

    The layout itself gives a label less height than a field of ours has, from the field's top.
    """
    height = 0
    for row in range(form.rowCount()):
        label = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        field = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
        name = label.widget() if label is not None else None
        if name is None or field is None or (widget := field.widget()) is None:
            continue
        widget.ensurePolished()
        height = height or widget.sizeHint().height()
        name.setMinimumHeight(height)
