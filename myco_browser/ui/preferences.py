"""The settings window, drawn from the declared settings: one page a group, a control a setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QRect, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.controls import (
    Address,
    Choice,
    EngineTable,
    Folder,
    Group,
    Identifier,
    Number,
    Setting,
    SwitchTable,
    Toggle,
)
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_snapshot import Change, Rejected
from myco_browser.ui.context import Context
from myco_browser.ui.engine_editor import EngineEditor
from myco_browser.ui.filter_editor import FilterEditor
from myco_browser.ui.i18n import _
from myco_browser.ui.lists_page import ListsPage
from myco_browser.ui.theme import SPACE

Apply = Callable[[Setting[Any], object], None]


class PreferencesWindow(QDialog):
    """Changes are made at once; there is nothing to confirm."""

    link_wanted = pyqtSignal(str)

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(_("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = (parent or self).screen()
        space = room.availableGeometry() if room is not None else QRect(0, 0, 860, 620)
        self.resize(min(860, space.width() - 24), min(620, space.height() - 24))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        row.setSpacing(SPACE["xl"])
        self._sections = QListWidget()
        self._sections.setObjectName("sections")
        self._sections.setAccessibleName(_("Groups of settings"))
        self._sections.setFixedWidth(190)
        self._pages = QStackedWidget()
        row.addWidget(self._sections)
        right = QVBoxLayout()
        right.addWidget(self._pages, 1)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        right.addWidget(self._problem)
        row.addLayout(right, 1)
        self._rows: dict[Group, int] = {}
        for group in Group:
            settings = [setting for setting in ALL if setting.group is group]
            if settings:
                self._rows[group] = self._sections.count()
                self._sections.addItem(_(group.value))
                self._pages.addWidget(self._page(group, settings))
            if group is Group.LISTS:
                self._sections.addItem(_("My filters"))
                self._pages.addWidget(self._own_filters())
        for page in self.findChildren(ListsPage):
            page.link_wanted.connect(self.link_wanted)
        self._sections.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._sections.setCurrentRow(0)

    def show_group(self, group: Group) -> None:
        """Brings a group to the front."""
        self._sections.setCurrentRow(self._rows[group])

    def show_own_filters(self) -> None:
        """Brings the editor of the user's own filters to the front."""
        self._sections.setCurrentRow(self._rows[Group.LISTS] + 1)

    def _own_filters(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["m"])
        title = QLabel(_("My filters"))
        title.setObjectName("title")
        column.addWidget(title)
        note = QLabel(_("One filter a line, in the syntax of uBlock Origin and Adblock Plus."))
        note.setObjectName("quiet")
        column.addWidget(note)
        column.addWidget(FilterEditor(self._context), 1)
        return page

    def _page(self, group: Group, settings: list[Setting[Any]]) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE["l"], 0)
        column.setSpacing(SPACE["xl"])
        title = QLabel(_(group.value))
        title.setObjectName("title")
        column.addWidget(title)
        for setting in settings:
            column.addLayout(self._setting(setting))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def _setting(self, setting: Setting[Any]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE["xs"])
        control = make_control(setting, self._context, self._apply)
        control.setAccessibleName(_(setting.title))
        control.setAccessibleDescription(_(setting.description))
        if not isinstance(control, QCheckBox | ListsPage):
            label = QLabel(_(setting.title))
            label.setObjectName("strong")
            label.setBuddy(control)
            column.addWidget(label)
        column.addWidget(control)
        notes = [_(setting.description)] if setting.description else []
        if setting.restart:
            notes.append(_("Takes effect when the browser is started again."))
        if notes:
            note = QLabel(" ".join(notes))
            note.setObjectName("quiet")
            note.setWordWrap(True)
            column.addWidget(note)
        return column

    def _apply(self, setting: Setting[Any], value: object) -> None:
        try:
            answer = self._context.settings.change(Change(setting, value))
        except OSError as error:
            self._tell(_("The setting could not be saved: {error}").format(error=error.strerror))
            return
        if isinstance(answer, Rejected):
            self._tell(_(answer.problems[0].cause.value))
        else:
            self._problem.hide()

    def _tell(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setStyleSheet(f"color: {self._context.face.danger};")
        self._problem.show()


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
