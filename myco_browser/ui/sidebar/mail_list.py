"""The list of messages: a model that loads what is looked at, and how its rows are painted."""

from __future__ import annotations

import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PyQt6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
)

from myco_browser.domain.mail import Summary
from myco_browser.domain.mail_rows import rows_of, step_between
from myco_browser.ui.i18n import _, ngettext

Load = Callable[[Sequence[int]], None]
SUMMARY = Qt.ItemDataRole.UserRole
TOGETHER = SUMMARY + 1

_KEPT = 2000
_AROUND = 40
_MOST_AT_ONCE = 100
# Of a long conversation, this many of its newest messages are looked at for its row.
_MOST_LOOKED_AT = 12
_ROW_HEIGHT = 58


class Together(NamedTuple):
    """What a row says of its messages: who wrote them, the newest first, and their marks."""

    size: int
    unread: bool
    people: str
    flags: frozenset[str]


class MailModel(QAbstractListModel):
    """Messages, the newest first. `load` is asked for summaries of those that are looked at."""

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._uids: array.array[int] = array.array("I")
        self._known: OrderedDict[int, Summary] = OrderedDict()
        self._rows: dict[int, int] = {}
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        self._hidden: frozenset[int] = frozenset()
        self._ascending: Sequence[int] = ()
        self._conversations: Sequence[tuple[int, ...]] = ()
        self._members: dict[int, tuple[int, ...]] = {}
        self._head_of: dict[int, int] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @property
    def uids(self) -> Sequence[int]:
        """What is listed, the newest first."""
        return self._uids

    def show_uids(
        self, ascending: Sequence[int], conversations: Sequence[tuple[int, ...]] = ()
    ) -> None:
        """Lists these, those that belong together in one row; what is known stays known."""
        self._ascending, self._conversations = ascending, conversations
        self._arrange()

    def members(self, uid: int) -> tuple[int, ...]:
        """The messages that the row of this one stands for, the oldest first."""
        return self._members.get(self._head_of.get(uid, uid), (uid,))

    def hide(self, uids: Sequence[int]) -> None:
        """Takes messages out of the list before the server has done so."""
        self._hidden |= frozenset(uids)
        self._arrange()

    def unhide(self, uids: Sequence[int]) -> None:
        """Shows them again."""
        self._hidden -= frozenset(uids)
        self._arrange()

    def _arrange(self) -> None:
        found = rows_of(self._ascending, self._conversations, self._hidden)
        step = step_between(self._uids, found.uids)
        begin, end = step.place, step.place + step.removed
        changed = self._members.keys() ^ found.members.keys()
        changed |= {uid for uid, these in found.members.items() if self._members.get(uid) != these}
        if step.removed:
            self.beginRemoveRows(QModelIndex(), begin, end - 1)
            del self._uids[begin:end]
            self._rows.clear()
            self.endRemoveRows()
        if step.added:
            self.beginInsertRows(QModelIndex(), begin, begin + step.added - 1)
            self._uids = found.uids
            self._rows.clear()
            self._members = found.members
            self.endInsertRows()
        self._uids, self._members = found.uids, found.members
        self._head_of = {uid: head for head, these in found.members.items() for uid in these}
        if len(changed) < _MOST_AT_ONCE:
            self._changed(changed)
        elif len(self._uids):
            self.dataChanged.emit(self.index(0), self.index(len(self._uids) - 1))

    def forget(self, hidden: frozenset[int] = frozenset()) -> None:
        """Another folder: nothing is known of it but what is not to be shown."""
        self.beginResetModel()
        self._uids = array.array("I")
        self._ascending, self._conversations = (), ()
        self._members, self._head_of = {}, {}
        self._known.clear()
        self._rows.clear()
        self._asked.clear()
        self._hidden = hidden
        self.endResetModel()

    def take(self, found: dict[int, Summary]) -> None:
        """Summaries that were asked for, or came by themselves."""
        for uid, summary in found.items():
            self._known[uid] = summary
            self._known.move_to_end(uid)
        while len(self._known) > _KEPT:
            self._asked.discard(self._known.popitem(last=False)[0])
        self._changed(found)

    def failed(self, uids: Sequence[int]) -> None:
        """They did not come; they are asked for again when they are looked at again."""
        self._asked.difference_update(uids)

    def change_flags(self, flags: dict[int, frozenset[str]]) -> None:
        """The server says that flags are others."""
        changed: dict[int, Summary] = {}
        for uid, words in flags.items():
            old = self._known.get(uid)
            if old is not None:
                changed[uid] = self._known[uid] = _with_flags(old, words)
        self._changed(changed)

    def set_flag(self, uid: int, flag: str, *, on: bool) -> None:
        """A flag as the user sets it, before the server knows."""
        if (old := self._known.get(uid)) is not None:
            self.change_flags({uid: (old.flags | {flag}) if on else (old.flags - {flag})})

    def summary(self, uid: int) -> Summary | None:
        """What is known of a message."""
        return self._known.get(uid)

    def row_of(self, uid: int) -> int:
        """The row of a message; -1 when it is not listed."""
        if not self._rows:
            self._rows = {one: row for row, one in enumerate(self._uids)}
        return self._rows.get(uid, -1)

    # Qt

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._uids)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._uids):
            return None
        uid = self._uids[index.row()]
        if role == SUMMARY:
            if uid not in self._known:
                self._want(index.row())
            return self._known.get(uid)
        if role == TOGETHER:
            return self._together(uid)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            summary = self._known.get(uid)
            if summary is None:
                return ""
            together = self._together(uid)
            unread = _("Unread") + ", " if together.unread else ""
            subject = summary.subject or _("No subject")
            count = ""
            if together.size > 1:
                words = ngettext("{count} message", "{count} messages", together.size)
                count = ", " + words.format(count=together.size)
            return f"{unread}{together.people}: {subject}{count}"
        return None

    def _together(self, uid: int) -> Together:
        """What a row says of the messages that it stands for, as far as they are known."""
        members = self.members(uid)
        known = [self._known[one] for one in members[-_MOST_LOOKED_AT:] if one in self._known]
        names = dict.fromkeys(one.sender.shown for one in reversed(known))
        marks = frozenset(flag for one in known for flag in one.flags)
        return Together(
            len(members), any(one.unread for one in known), ", ".join(filter(None, names)), marks
        )

    def _want(self, row: int) -> None:
        """The row and those around it are asked for, soon and together."""
        first = max(0, row - _AROUND // 2)
        rows = self._uids[first : row + _AROUND]
        around = [one for uid in rows for one in self.members(uid)[-_MOST_LOOKED_AT:]]
        new = {uid for uid in around if uid not in self._known and uid not in self._asked}
        self._wanted |= new
        self._wanted.add(self._uids[row])
        self._timer.start(0)

    def _ask(self) -> None:
        # Rows that flew past while the user scrolled are not asked for any more.
        wanted = [uid for uid in sorted(self._wanted, reverse=True) if uid not in self._asked]
        self._wanted.clear()
        for start in range(0, min(len(wanted), 3 * _MOST_AT_ONCE), _MOST_AT_ONCE):
            part = wanted[start : start + _MOST_AT_ONCE]
            self._asked.update(part)
            self._load(part)

    def _changed(self, uids: Iterable[int]) -> None:
        for uid in {self._head_of.get(one, one) for one in uids}:
            row = self.row_of(uid)
            if row >= 0:
                index = self.index(row)
                self.dataChanged.emit(index, index)


def _with_flags(summary: Summary, flags: frozenset[str]) -> Summary:
    from dataclasses import replace

    return replace(summary, flags=flags)
