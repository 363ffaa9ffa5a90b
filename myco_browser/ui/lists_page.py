"""The page of filter lists: which are on, how old they are and where they come from."""

from __future__ import annotations

import time
from html import escape

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.services.list_rows import ListRow
from myco_browser.services.own_lists import AddProblem
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.list_words import add_problem, ago, amount, failure, kind_name, size
from myco_browser.ui.theme import SPACE
from myco_filters.lists.catalogue import ListKind

_GROUPS = (
    ListKind.ADS,
    ListKind.PRIVACY,
    ListKind.MALWARE,
    ListKind.ANNOYANCES,
    ListKind.COOKIES,
    ListKind.REGIONAL,
    ListKind.COMPATIBILITY,
    ListKind.OWN,
)


class ListsPage(QWidget):
    """Changes count at once."""

    link_wanted = pyqtSignal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lists = context.lists
        self._rows: dict[str, _Row] = {}
        self._holder: QWidget | None = None
        self._adding = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["m"])
        column.addLayout(self._head())
        self._body = QVBoxLayout()
        column.addLayout(self._body)
        column.addSpacing(SPACE["s"])
        column.addWidget(_text(_("Add a list"), "heading"))
        column.addLayout(self._add_row())
        self._problem = _text("", "quiet")
        self._problem.hide()
        self._problem.setAccessibleName(_("Message"))
        column.addWidget(self._problem)
        stop = self._lists.observe(self._refresh)
        self.destroyed.connect(lambda: stop())
        self._refresh()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        self._sum = _text("", "quiet")
        row.addWidget(self._sum, 1)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 6)
        self._bar.setAccessibleName(_("Progress of the update"))
        row.addWidget(self._bar)
        self._update = QPushButton(_("Update now"))
        self._update.clicked.connect(self._lists.update_now)
        row.addWidget(self._update)
        return row

    def _add_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._address = QLineEdit()
        self._address.setPlaceholderText("https://example.org/list.txt")
        self._address.setAccessibleName(_("Address of a list"))
        self._address.returnPressed.connect(self._add)
        self._button = QPushButton(_("Add"))
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._add)
        row.addWidget(self._address, 1)
        row.addWidget(self._button)
        return row

    def _add(self) -> None:
        if self._adding or not self._address.text().strip():
            return
        self._adding = True
        self._say(_("Fetching the list …"))
        self._lists.add(self._address.text(), self._on_added)

    def _on_added(self, outcome: AddProblem | str | None) -> None:
        self._adding = False
        if outcome is None:
            self._address.clear()
            self._say(_("The list was added and is on."))
        else:
            self._say(_("Not added: {reason}").format(reason=add_problem(outcome)))
        self._refresh()

    def _say(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def _remove(self, identifier: str) -> None:
        problem = self._lists.remove(identifier)
        self._say(add_problem(problem) if problem else _("The list was removed."))

    def _switch(self, identifier: str, on: bool) -> None:
        try:
            self._lists.switch(identifier, on)
        except OSError as error:
            self._say(_("The setting could not be saved: {error}").format(error=unwritten(error)))

    def _refresh(self) -> None:
        rows = self._lists.rows()
        if tuple(self._rows) != tuple(row.subscription.id for row in rows):
            self._build(rows)
        for row in rows:
            self._rows[row.subscription.id].show_row(row)
        count = sum(row.count for row in rows if row.on)
        number = sum(1 for row in rows if row.on and row.count)
        text = ngettext("{lists} list is on,", "{lists} lists are on,", number).format(lists=number)
        filters = ngettext("with {count} filter", "with {count} filters", count)
        shown = amount(count, self._context.language)
        if number:
            self._sum.setText(f"{text} {filters.format(count=shown)}")
        else:
            self._sum.setText(_("The built-in list is in use until these are fetched."))
        self._show_progress()

    def _show_progress(self) -> None:
        progress = self._lists.progress
        self._bar.setVisible(progress is not None)
        free = self._lists.writable and progress is None
        for widget in (self._update, self._button, self._address):
            widget.setEnabled(free)
        if progress is not None:
            self._bar.setRange(0, max(1, progress.total))
            self._bar.setValue(progress.done)
            self._sum.setText(_("Updating: {title}").format(title=progress.title))
        elif not self._lists.writable:
            self._say(_(AddProblem.NOT_HERE.value))

    def _build(self, rows: tuple[ListRow, ...]) -> None:
        if self._holder is not None:
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])
        self._rows = {row.subscription.id: self._make_row(row) for row in rows}
        for kind in _GROUPS:
            members = [row for row in rows if row.subscription.kind is kind]
            if members:
                column.addSpacing(SPACE["s"])
                column.addWidget(_text(kind_name(kind), "heading"))
            for row in sorted(members, key=lambda one: not one.suggested):
                column.addWidget(self._rows[row.subscription.id])
        self._body.addWidget(self._holder)

    def _make_row(self, row: ListRow) -> _Row:
        made = _Row(row, self._context, self._lists.writable)
        identifier = row.subscription.id
        made.box.toggled.connect(lambda on: self._switch(identifier, on))
        made.remove.clicked.connect(lambda: self._remove(identifier))
        made.note.linkActivated.connect(self.link_wanted)
        return made


class _Row(QWidget):
    """One list."""

    def __init__(self, row: ListRow, context: Context, writable: bool) -> None:
        super().__init__()
        self._context = context
        self.box = QCheckBox(row.title)
        self.box.setEnabled(writable)
        self.box.setChecked(row.on)
        self.remove = QPushButton(_("Remove"))
        self.remove.setAutoDefault(False)
        self.remove.setObjectName("link")
        self.remove.setAccessibleName(_("Remove {title}").format(title=row.title))
        self.remove.setVisible(writable and row.subscription.kind is ListKind.OWN)
        self.note = _text("", "quiet")
        self.note.setIndent(34)
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.note.setOpenExternalLinks(False)
        self._trouble = _text("", "trouble")
        self._trouble.setIndent(34)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self.box, 1)
        top.addWidget(self.remove)
        column.addLayout(top)
        column.addWidget(self.note)
        column.addWidget(self._trouble)

    def show_row(self, row: ListRow) -> None:
        """Say what is known now."""
        self.box.setText(row.title)
        if self.box.isChecked() != row.on:
            self.box.blockSignals(True)
            self.box.setChecked(row.on)
            self.box.blockSignals(False)
        face, language = self._context.face, self._context.language
        home = row.subscription.homepage
        parts = [escape(part) for part in _facts(row, language)]
        if home.startswith("https://"):
            source = escape(_("Source"))
            parts.append(f'<a style="color:{face.accent}" href="{escape(home)}">{source}</a>')
        self.note.setText(" · ".join(parts))
        self.box.setAccessibleDescription(" · ".join(_facts(row, language)))
        self._trouble.setVisible(bool(row.failure))
        self._trouble.setStyleSheet(f"color: {face.warning};")
        if row.failure:
            text = _("The last update failed: {reason}").format(reason=failure(row.failure))
            self._trouble.setText(text)


def _facts(row: ListRow, language: str) -> list[str]:
    facts = [_("Suggested for your languages")] if row.suggested else []
    if row.count:
        text = ngettext("{count} filter", "{count} filters", row.count)
        facts.append(text.format(count=amount(row.count, language)))
        facts.append(size(row.size, language))
        if row.fetched_at > 0:
            facts.append(_("updated {when}").format(when=ago(time.time() - row.fetched_at)))
        else:
            facts.append(_("came with the system"))
    elif row.on:
        facts.append(_("not fetched yet"))
    if row.subscription.kind is ListKind.OWN:
        facts.append(row.subscription.urls[0])
    elif row.subscription.licence:
        facts.append(_("licence {name}").format(name=row.subscription.licence))
    return facts


def _text(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
