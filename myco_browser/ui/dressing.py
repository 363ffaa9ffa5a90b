"""Properties of widgets by which the style sheet tells their states apart."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget


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
