"""The widgets of single settings, by the kind of their value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from myco_browser.domain.controls import (
    Address,
    Choice,
    EngineTable,
    Folder,
    Identifier,
    Number,
    Setting,
    SwitchTable,
    Toggle,
)
from myco_browser.ui.context import Context
from myco_browser.ui.engine_editor import EngineEditor
from myco_browser.ui.i18n import _
from myco_browser.ui.lists_page import ListsPage

Apply = Callable[[Setting[Any], object], None]


def make_control(setting: Setting[Any], context: Context, apply: Apply) -> QWidget:
    """The widget for a setting's kind of value."""
    value = context.now[setting]
    match setting.control:
        case Toggle():
            box = QCheckBox(_(setting.title))
            box.setChecked(bool(value))
            box.toggled.connect(lambda on: apply(setting, on))
            return box
        case Choice(options=options):
            return _combo([(key, _(label)) for key, label in options], value, setting, apply)
        case Number() as number:
            return _spin(number, value, setting, apply)
        case Address():
            return _line(str(value), setting, apply)
        case Folder():
            return _folder(str(value), setting, apply)
        case Identifier():
            engines = [(engine.id, engine.name) for engine in context.engines()]
            return _combo(engines, value, setting, apply)
        case EngineTable():
            return EngineEditor(value, context.engines, lambda table: apply(setting, table))
        case SwitchTable():
            return ListsPage(context)


def _combo(
    options: list[tuple[str, str]], value: object, setting: Setting[Any], apply: Apply
) -> QComboBox:
    combo = QComboBox()
    for key, label in options:
        combo.addItem(label, key)
    combo.setCurrentIndex(max(0, combo.findData(value)))
    combo.setMaximumWidth(320)
    combo.activated.connect(lambda index: apply(setting, combo.itemData(index)))
    return combo


def _spin(number: Number, value: object, setting: Setting[Any], apply: Apply) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(number.minimum, number.maximum)
    spin.setSingleStep(number.step)
    spin.setSuffix(f" {_(number.unit)}" if number.unit else "")
    spin.setValue(value if isinstance(value, int) else number.minimum)
    spin.setMaximumWidth(180)
    spin.setKeyboardTracking(False)
    spin.valueChanged.connect(lambda chosen: apply(setting, chosen))
    return spin


def _line(value: str, setting: Setting[Any], apply: Apply) -> QLineEdit:
    field = QLineEdit(value)
    field.setMaximumWidth(480)
    field.editingFinished.connect(lambda: apply(setting, field.text()))
    return field


def _folder(value: str, setting: Setting[Any], apply: Apply) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    field = QLineEdit(value)
    field.setPlaceholderText(_("The desktop's folder for downloads"))
    field.setReadOnly(True)
    field.setAccessibleName(_(setting.title))
    button = QPushButton(_("Choose…"))
    button.setMinimumSize(QSize(96, 0))

    def choose() -> None:
        path = QFileDialog.getExistingDirectory(holder, _("Folder for downloads"), field.text())
        if path:
            field.setText(path)
            apply(setting, path)

    button.clicked.connect(choose)
    row.addWidget(field, 1)
    row.addWidget(button)
    return holder
