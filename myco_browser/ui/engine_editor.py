"""Adds and removes the user's own search engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.search_engines import EngineProblem, SearchEngine, make_engine
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE


class EngineEditor(QWidget):
    """The user's engines, and three fields for another one."""

    def __init__(
        self,
        engines: tuple[SearchEngine, ...],
        all_engines: Callable[[], Sequence[SearchEngine]],
        apply: Callable[[tuple[SearchEngine, ...]], None],
    ) -> None:
        super().__init__()
        self._engines = engines
        self._all = all_engines
        self._apply = apply
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._list = QListWidget()
        self._list.setAccessibleName(_("Your own search engines"))
        self._list.setMaximumHeight(130)
        column.addWidget(self._list)
        row, second = QHBoxLayout(), QHBoxLayout()
        row.setSpacing(SPACE["s"])
        second.setSpacing(SPACE["s"])
        self._name = _field(_("Name"))
        self._keyword = _field(_("Keyword"))
        self._address = _field(_("https://example.org/?q={query}"))
        row.addWidget(self._name, 2)
        row.addWidget(self._keyword, 1)
        second.addWidget(self._address, 1)
        add = QPushButton(_("Add"))
        add.clicked.connect(self._add)
        remove = QPushButton(_("Remove"))
        remove.clicked.connect(self._remove)
        second.addWidget(add)
        second.addWidget(remove)
        column.addLayout(row)
        column.addLayout(second)
        self._problem = QLabel()
        self._problem.setObjectName("quiet")
        self._problem.setWordWrap(True)
        self._problem.hide()
        column.addWidget(self._problem)
        self._fill()

    def _add(self) -> None:
        made = make_engine(
            self._name.text(), self._keyword.text(), self._address.text(), self._all()
        )
        if isinstance(made, EngineProblem):
            self._problem.setText(_(made.value))
            self._problem.show()
            return
        self._problem.hide()
        for field in (self._name, self._keyword, self._address):
            field.clear()
        self._change((*self._engines, made))

    def _remove(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._engines):
            self._change((*self._engines[:row], *self._engines[row + 1 :]))

    def _change(self, engines: tuple[SearchEngine, ...]) -> None:
        self._engines = engines
        self._apply(engines)
        self._fill()

    def _fill(self) -> None:
        self._list.clear()
        for engine in self._engines:
            keyword = f" ({engine.keywords[0]})" if engine.keywords else ""
            self._list.addItem(f"{engine.name}{keyword} – {engine.template}")
        self._list.setVisible(bool(self._engines))


def _field(placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAccessibleName(placeholder)
    return field
