"""All settings in one table: key, value, usual value, what was changed; and as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.controls import InvalidValueError, Setting
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_search import find_settings
from myco_browser.domain.settings_snapshot import Change, Rejected, Settings
from myco_browser.domain.settings_transfer import Refusal, export_settings, import_settings
from myco_browser.services.atomic_files import write_atomically
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unread, unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE

_Role = Qt.ItemDataRole
_KEY, _VALUE, _USUAL = range(3)


class SettingsTable(QWidget):
    """`replaced` tells that settings changed otherwise than one by one."""

    replaced = pyqtSignal()

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["m"])
        title = QLabel(_("All settings"))
        title.setObjectName("title")
        column.addWidget(title)
        search = QLineEdit()
        search.setPlaceholderText(_("Find by key or words"))
        search.setAccessibleName(_("Find by key or words"))
        search.setClearButtonEnabled(True)
        column.addWidget(search)
        self.model = _Model(context, self._say, self)
        search.textChanged.connect(self.model.show_words)
        column.addWidget(self._table(), 1)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        column.addWidget(self._note)
        column.addLayout(self._buttons())
        self.destroyed.connect(context.settings.observe(self.model.refresh))

    def take_in(self, path: Path) -> bool:
        """Takes the settings of a file, all of them or none, and says which."""
        try:
            content = path.read_bytes()
        except OSError as error:
            self._say(_("The file cannot be read: {error}").format(error=unread(error)))
            return False
        found = import_settings(content)
        if isinstance(found, Refusal):
            text = _("Nothing was changed. Line {line}: {reason}")
            reason = f"{found.key}: {_(found.cause.value)}" if found.key else _(found.cause.value)
            self._say(text.format(line=found.line, reason=reason))
            return False
        return self._replace(found, _("The settings of the file are in use."))

    def reset_all(self) -> bool:
        """Every setting gets its usual value."""
        return self._replace(Settings(), _("All settings have their usual values."))

    def export(self, path: Path) -> bool:
        """Writes the settings that differ from the usual into a file."""
        try:
            write_atomically(path, export_settings(self._context.now))
        except OSError as error:
            text = _("The file could not be written: {error}")
            self._say(text.format(error=unwritten(error, chosen=True)))
            return False
        self._say(_("The settings are in {file}.").format(file=path), is_fine=True)
        return True

    def _replace(self, settings: Settings, text: str) -> bool:
        try:
            self._context.settings.replace(settings)
        except OSError as error:
            self._say(_("The setting could not be saved: {error}").format(error=unwritten(error)))
            return False
        self._say(text, is_fine=True)
        self.replaced.emit()
        return True

    # Construction

    def _table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("requests")
        table.setAccessibleName(_("All settings"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        if (rows := table.verticalHeader()) is not None:
            rows.hide()
        if (columns := table.horizontalHeader()) is not None:
            columns.setStretchLastSection(True)
            columns.setAccessibleName(_("All settings"))
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for number, width in ((_KEY, 210), (_VALUE, 150)):
            table.setColumnWidth(number, width)
        return table

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        for text, act in (
            (_("Export…"), self._ask_export),
            (_("Import…"), self._ask_import),
        ):
            row.addWidget(_button(text, act))
        row.addStretch(1)
        row.addWidget(_button(_("Reset all…"), self._ask_reset))
        return row

    def _ask_export(self) -> None:
        usual = str(Path.home() / "myco-settings.json")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Export settings"), usual)
        if chosen:
            self.export(Path(chosen))

    def _ask_import(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Import settings"))
        if chosen:
            self.take_in(Path(chosen))

    def _ask_reset(self) -> None:
        box = QMessageBox(self)
        box.setText(_("Give every setting its usual value?"))
        box.setInformativeText(_("Bookmarks, history and the choices for single sites stay."))
        yes = box.addButton(_("Reset all"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if yes is not None:
            yes.clicked.connect(lambda _checked=False: self.reset_all())
        box.open()

    def _say(self, text: str, *, is_fine: bool = False) -> None:
        face = self._context.face
        self._note.setText(text)
        self._note.setStyleSheet(f"color: {face.good if is_fine else face.danger};")
        self._note.setVisible(bool(text))


class _Model(QAbstractTableModel):
    """A value is edited as the JSON that stands in the file of the settings."""

    def __init__(self, context: Context, say: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._say = say
        self._words = ""
        self._shown: tuple[Setting[Any], ...] = ALL

    def show_words(self, words: str) -> None:
        """Shows the settings with these words."""
        self._words = words
        self.refresh()

    def refresh(self, *_changed: object) -> None:
        """Shows what is so now."""
        self.beginResetModel()
        self._shown = find_settings(self._words, ALL, _)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if role == _Role.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (_("Key"), _("Value"), _("Usual value"))[section]
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _VALUE else flags

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> object:
        setting = self._shown[index.row()]
        value = self._context.now[setting]
        is_changed = value != setting.default
        match role:
            case _Role.DisplayRole if index.column() == _KEY:
                return f"● {setting.key}" if is_changed else setting.key
            case _Role.DisplayRole | _Role.EditRole:
                return _text_of(setting, setting.default if index.column() == _USUAL else value)
            case _Role.AccessibleTextRole if index.column() == _KEY and is_changed:
                return _("{key}, changed").format(key=setting.key)
            case _Role.ToolTipRole:
                return "\n".join(_(text) for text in (setting.title, setting.description) if text)
            case _Role.FontRole if is_changed and index.column() != _USUAL:
                bold = QFont()
                bold.setBold(True)
                return bold
            case _:
                return None

    def setData(self, index: QModelIndex, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or index.column() != _VALUE:
            return False
        setting = self._shown[index.row()]
        try:
            wanted = setting.read(_value_of(str(value)))
            answer = self._context.settings.change(Change(setting, wanted))
        except InvalidValueError as error:
            self._say(f"{setting.key}: {_(error.cause.value)}")
            return False
        except OSError as error:
            self._say(_("The setting could not be saved: {error}").format(error=unwritten(error)))
            return False
        if isinstance(answer, Rejected):
            self._say(f"{setting.key}: {_(answer.problems[0].cause.value)}")
            return False
        self._say("")
        return True


def _text_of(setting: Setting[Any], value: object) -> str:
    written = setting.write(value)
    return written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)


def _value_of(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _button(text: str, act: Any) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: act())
    return button
