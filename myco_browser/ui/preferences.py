"""The settings window, drawn from the declared settings: one page a group, a control a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.controls import Group, Setting
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_search import find_settings
from myco_browser.domain.settings_snapshot import Change, Rejected, Settings
from myco_browser.ui.context import Context
from myco_browser.ui.default_browser import DefaultBrowserRow
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.filter_editor import FilterEditor
from myco_browser.ui.i18n import _
from myco_browser.ui.lists_page import ListsPage
from myco_browser.ui.setting_controls import make_control
from myco_browser.ui.settings_table import SettingsTable
from myco_browser.ui.theme import SPACE


class PreferencesWindow(QDialog):
    """Changes are made at once; there is nothing to confirm."""

    link_wanted = pyqtSignal(str)

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(_("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        usual_size(self, 860, 620)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        row.setSpacing(SPACE["xl"])
        left = QVBoxLayout()
        left.setSpacing(SPACE["m"])
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Find a setting"))
        self._search.setAccessibleName(_("Find a setting"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(190)
        self._search.textChanged.connect(self._show_found)
        left.addWidget(self._search)
        self._sections = QListWidget()
        self._sections.setObjectName("sections")
        self._sections.setAccessibleName(_("Groups of settings"))
        self._sections.setFixedWidth(190)
        self._pages = QStackedWidget()
        left.addWidget(self._sections, 1)
        row.addLayout(left)
        right = QVBoxLayout()
        right.addWidget(self._pages, 1)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        right.addWidget(self._problem)
        row.addLayout(right, 1)
        self._rows: dict[Group, int] = {}
        self._found: QWidget | None = None
        self._resets: list[tuple[Setting[Any], QPushButton]] = []
        self._fill()
        self._sections.currentRowChanged.connect(self._on_section)
        self._sections.setCurrentRow(0)
        self.destroyed.connect(context.settings.observe(self._on_settings))

    def show_group(self, group: Group) -> None:
        """Brings a group to the front."""
        self._sections.setCurrentRow(self._rows[group])

    def show_own_filters(self) -> None:
        """Brings the editor of the user's own filters to the front."""
        self._sections.setCurrentRow(self._rows[Group.LISTS] + 1)

    def show_all(self) -> None:
        """Brings the table of all settings to the front."""
        self._sections.setCurrentRow(self._sections.count() - 1)

    # Construction

    def _fill(self) -> None:
        for group in Group:
            settings = [setting for setting in ALL if setting.group is group]
            if settings:
                self._rows[group] = self._sections.count()
                self._sections.addItem(_(group.value))
                last = self._last_row(group)
                self._pages.addWidget(self._page(_(group.value), settings, last))
            if group is Group.LISTS:
                self._sections.addItem(_("My filters"))
                self._pages.addWidget(self._own_filters())
        self._sections.addItem(_("All settings"))
        table = SettingsTable(self._context, self)
        table.replaced.connect(self._refill)
        self._pages.addWidget(table)
        for page in self.findChildren(ListsPage):
            page.link_wanted.connect(self.link_wanted)

    def _refill(self) -> None:
        """Every control anew: many settings have changed at once."""
        row = self._sections.currentRow()
        self._search.clear()
        self._resets = []
        self._sections.blockSignals(True)
        self._sections.clear()
        while (page := self._pages.widget(0)) is not None:
            self._pages.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._fill()
        self._sections.blockSignals(False)
        self._sections.setCurrentRow(row)

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

    def _last_row(self, group: Group) -> QWidget | None:
        """What stands below the settings of a group and is none itself."""
        if group is not Group.GENERAL or self._context.private:
            return None
        return DefaultBrowserRow(self._context.language)

    def _page(
        self, heading: str, settings: Sequence[Setting[Any]], last: QWidget | None = None
    ) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE["l"], 0)
        column.setSpacing(SPACE["xl"])
        title = QLabel(heading)
        title.setObjectName("title")
        column.addWidget(title)
        for setting in settings:
            column.addLayout(self._setting(setting))
        if last is not None:
            column.addWidget(last)
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
        row = QHBoxLayout()
        row.addWidget(control, 1)
        if not isinstance(control, ListsPage):
            row.addWidget(self._reset_button(setting), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        notes = [_(setting.description)] if setting.description else []
        if setting.restart:
            notes.append(_("Takes effect when the browser is started again."))
        if notes:
            note = QLabel(" ".join(notes))
            note.setObjectName("quiet")
            note.setWordWrap(True)
            column.addWidget(note)
        return column

    def _reset_button(self, setting: Setting[Any]) -> QPushButton:
        button = QPushButton(_("Reset"))
        button.setObjectName("link")
        button.setToolTip(_("Back to the usual value"))
        button.setAccessibleName(_("Reset: {setting}").format(setting=_(setting.title)))
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.setVisible(self._context.now[setting] != setting.default)

        def reset() -> None:
            self._apply(setting, setting.default)
            self._refill()

        button.clicked.connect(lambda _checked=False: reset())
        self._resets.append((setting, button))
        return button

    # Events

    def _show_found(self, text: str) -> None:
        if self._found is not None:
            self._pages.removeWidget(self._found)
            self._found.deleteLater()
            self._found = None
        if not text.strip():
            self._pages.setCurrentIndex(self._sections.currentRow())
            self._mark_section(True)
            return
        found = find_settings(text, ALL, _)
        heading = _("Found settings") if found else _("No setting has these words.")
        self._found = self._page(heading, found)
        self._pages.setCurrentIndex(self._pages.addWidget(self._found))
        self._mark_section(False)

    def _mark_section(self, on: bool) -> None:
        """What a search finds is of no group."""
        if (item := self._sections.currentItem()) is not None:
            item.setSelected(on)

    def _on_section(self, row: int) -> None:
        self._search.clear()
        self._pages.setCurrentIndex(row)

    def _on_settings(self, _before: Settings, after: Settings) -> None:
        for setting, button in self._resets:
            button.setVisible(after[setting] != setting.default)

    def _apply(self, setting: Setting[Any], value: object) -> None:
        try:
            answer = self._context.settings.change(Change(setting, value))
        except OSError as error:
            self._tell(_("The setting could not be saved: {error}").format(error=unwritten(error)))
            return
        if isinstance(answer, Rejected):
            self._tell(_(answer.problems[0].cause.value))
        else:
            self._problem.hide()

    def _tell(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setStyleSheet(f"color: {self._context.face.danger};")
        self._problem.show()
