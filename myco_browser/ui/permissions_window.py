"""Every permission that sites were given or refused, to look at, to change and to take back."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.site_settings import Decision, Permission
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import text_label
from myco_browser.ui.permission_names import decision_name, permission_icon, permission_name
from myco_browser.ui.theme import SPACE

_CHOICES = (Decision.ALLOW, Decision.BLOCK)
_ROW_HEIGHT = 38
_Row = tuple[str, Permission]


class PermissionsWindow(QWidget):
    """A row for each decision; it follows what is decided elsewhere."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Permissions of sites"))
        usual_size(self, 680, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addWidget(text_label(self.windowTitle(), "title"))
        note = _("What you answered with “always” or “never”. What is removed here is asked again.")
        if context.private:
            note = _("What you answered in these private windows; it ends with them.")
        column.addWidget(text_label(note, "quiet"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search sites"))
        self.search.setAccessibleName(_("Search sites"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill())
        column.addWidget(self.search)
        self.tree = self._make_tree()
        column.addWidget(self.tree, 1)
        self._empty = EmptyNote(self.tree, context.face, "shield-check")
        column.addLayout(self._buttons())
        self._fill()
        stop = context.sites.observe(lambda _site, _settings: self._fill())
        self.destroyed.connect(stop)

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("library")
        tree.setColumnCount(3)
        tree.setHeaderLabels([_("Site"), _("Permission"), _("Answer")])
        tree.setRootIsDecorated(False)
        tree.setAccessibleName(self.windowTitle())
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        if (header := tree.header()) is not None:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            for section in (1, 2):
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
            header.setStretchLastSection(False)
            header.setAccessibleName(self.windowTitle())
        tree.itemSelectionChanged.connect(self._show_selection)
        return tree

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.remove = QPushButton(_("Remove"))
        self.remove.clicked.connect(lambda: self._forget(self._selected()))
        self.remove_all = QPushButton(_("Remove all"))
        self.remove_all.clicked.connect(lambda: self._forget(self._rows()))
        row.addWidget(self.remove)
        row.addWidget(self.remove_all)
        row.addStretch(1)
        return row

    def _rows(self) -> list[_Row]:
        wanted = self.search.text().strip().lower()
        return [
            (site, permission)
            for site, settings in sorted(self._context.sites.sites.items())
            if wanted in site
            for permission, _decision in settings.permissions
        ]

    def _fill(self) -> None:
        self.tree.clear()
        for site, permission in self._rows():
            item = QTreeWidgetItem([shown_host(site), permission_name(permission), ""])
            item.setData(0, Qt.ItemDataRole.UserRole, (site, permission))
            item.setSizeHint(2, QSize(170, _ROW_HEIGHT))
            item.setIcon(1, icon(permission_icon(permission), self._context.face.quiet, 16))
            self.tree.addTopLevelItem(item)
            self.tree.setItemWidget(item, 2, self._chooser(site, permission))
        is_empty = self.tree.topLevelItemCount() == 0
        self._show_empty(is_empty=is_empty)
        self.remove_all.setEnabled(not is_empty)
        self._show_selection()

    def _show_empty(self, *, is_empty: bool) -> None:
        if not is_empty:
            self._empty.tell("")
        elif self.search.text().strip():
            self._empty.tell(_("Nothing fits these words."), _("Try fewer words, or other ones."))
        else:
            self._empty.tell(
                _("No site has a permission, and none was refused one."),
                _("A site that wants your camera, your place or the like asks you first."),
            )

    def _chooser(self, site: str, permission: Permission) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{site}: {permission_name(permission)}")
        for decision in _CHOICES:
            box.addItem(decision_name(decision))
        decided = self._context.sites.get(site).decision(permission)
        box.setCurrentIndex(_CHOICES.index(decided) if decided is not None else 0)
        # Later: filling the list anew ends the box that is in use.
        change = partial(self._change, site, permission)
        box.activated.connect(change, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        return box

    def _selected(self) -> list[_Row]:
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self.tree.selectedItems()]

    def _show_selection(self) -> None:
        self.remove.setEnabled(bool(self.tree.selectedItems()))

    def _change(self, site: str, permission: Permission, number: int) -> None:
        sites = self._context.sites
        sites.put(site, sites.get(site).with_decision(permission, _CHOICES[number]))

    def _forget(self, rows: list[_Row]) -> None:
        sites = self._context.sites
        for site, permission in rows:
            sites.put(site, sites.get(site).with_decision(permission, None))
