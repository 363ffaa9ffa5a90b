"""Visits for a tree: days on top, below them the pages of each, the newest first.

Read from the history a piece at a time, as the user scrolls.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from PyQt6.QtCore import QDate, QLocale, QModelIndex, QObject, Qt
from PyQt6.QtGui import QIcon, QStandardItem, QStandardItemModel

from myco_browser.domain.lookalikes import shown_host
from myco_browser.services.history import Visit
from myco_browser.ui.i18n import _

VISIT = Qt.ItemDataRole.UserRole + 1
_PIECE = 200

Read = Callable[[str, int, int | None], Sequence[Visit]]
"""Words, how many, and before when (Unix seconds): visits, newest first."""


class HistoryModel(QStandardItemModel):
    """The visits that fit the words of a search. `pictures` gives the icon of an address."""

    def __init__(
        self, read: Read, pictures: Callable[[str], QIcon], language: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._pictures = pictures
        self._locale = QLocale(language)
        self._words = ""
        self._oldest: int | None = None
        self._seen: set[tuple[str, date]] = set()
        self._is_whole = False
        self._icons: dict[str, QIcon] = {}

    def show_words(self, words: str) -> None:
        """Begins anew with what fits `words`; everything when there are none."""
        self.clear()
        self._words = words
        self._oldest = None
        self._seen.clear()
        self._is_whole = False
        self.fetchMore(QModelIndex())

    def canFetchMore(self, parent: QModelIndex) -> bool:
        return not parent.isValid() and not self._is_whole

    def fetchMore(self, parent: QModelIndex) -> None:
        visits = self._read(self._words, _PIECE, self._oldest)
        self._is_whole = len(visits) < _PIECE
        for visit in visits:
            self._oldest = visit.at
            day = datetime.fromtimestamp(visit.at).astimezone().date()
            # A page that was seen again and again stands once a day, where it was seen last.
            if (visit.url, day) not in self._seen:
                self._seen.add((visit.url, day))
                self._day(day).appendRow(self._item(visit))

    def visits(self, indexes: Sequence[QModelIndex]) -> list[Visit]:
        """The visits at these places; those of a whole day for the day."""
        found: dict[Visit, None] = {}
        for index in indexes:
            places = [index]
            if not index.parent().isValid():
                places = [self.index(row, 0, index) for row in range(self.rowCount(index))]
            for place in places:
                visit = place.data(VISIT)
                if isinstance(visit, Visit):
                    found[visit] = None
        return list(found)

    def _day(self, day: date) -> QStandardItem:
        last = self.item(self.rowCount() - 1) if self.rowCount() else None
        if last is not None and last.data() == day.toordinal():
            return last
        item = QStandardItem(self._name(day))
        item.setData(day.toordinal())
        item.setEditable(False)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self.appendRow(item)
        return item

    def _name(self, day: date) -> str:
        today = datetime.fromtimestamp(time.time()).astimezone().date()
        written = self._locale.toString(
            QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat
        )
        if day == today:
            return _("Today – {date}").format(date=written)
        if day == today - timedelta(days=1):
            return _("Yesterday – {date}").format(date=written)
        return written

    def _item(self, visit: Visit) -> QStandardItem:
        host = visit.url.split("/", 3)[2] if visit.url.count("/") >= 2 else ""
        if host not in self._icons:
            self._icons[host] = self._pictures(visit.url)
        at = datetime.fromtimestamp(visit.at).astimezone().strftime("%H:%M")
        shown = shown_host(host) or visit.url
        title = " ".join(visit.title.split()) or visit.url
        item = QStandardItem(self._icons[host], f"{at}   {title}   —   {shown}")
        item.setData(visit, VISIT)
        item.setToolTip(visit.url)
        item.setEditable(False)
        return item
