"""What can be done to messages in a list: by keys and by a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PyQt6.QtCore import QModelIndex, QPoint, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QListView, QMenu

from myco_browser.domain.mail import FLAGGED, SEEN, Role, Summary
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import Face


class Box(Protocol):
    """The list of a folder."""

    list: QListView

    @property
    def role(self) -> Role: ...

    def summary(self, uid: int) -> Summary | None: ...

    def selected(self) -> Sequence[int]: ...

    def open_row(self, index: QModelIndex) -> None: ...

    def set_flag(self, uids: Sequence[int], flag: str, *, on: bool) -> None: ...

    def move_to(self, uids: Sequence[int], role: Role) -> None: ...


class MailList(QListView):
    """The list, with keys for what is done most."""

    def __init__(self, box: Box) -> None:
        super().__init__()
        self._box = box
        self.setObjectName("mails")
        self.setAccessibleName(_("Messages"))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._box.move_to(self._box.selected(), Role.TRASH)
        elif event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._box.open_row(self.currentIndex())
        else:
            super().keyPressEvent(event)


def show_message_menu(box: Box, face: Face, uids: Sequence[int], at: QPoint) -> None:
    """What can be done to the messages that are chosen."""
    menu = QMenu(box.list)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    known = [one for one in map(box.summary, uids) if one is not None]
    unread = any(one.unread for one in known)
    starred = all(FLAGGED in one.flags for one in known)
    rows: list[tuple[str, str, Callable[[], None]]] = [
        ("mail-open" if unread else "mail",
         _("Mark as read") if unread else _("Mark as unread"),
         lambda: box.set_flag(uids, SEEN, on=unread)),
        ("star", _("Remove star") if starred else _("Star"),
         lambda: box.set_flag(uids, FLAGGED, on=not starred)),
        ("archive", _("Move to the archive"), lambda: box.move_to(uids, Role.ARCHIVE)),
        ("trash", _("Delete"), lambda: box.move_to(uids, Role.TRASH)),
    ]  # fmt: skip
    if box.role is Role.JUNK:
        rows.append(("inbox", _("No spam"), lambda: box.move_to(uids, Role.INBOX)))
    else:
        rows.append(("spam", _("Move to spam"), lambda: box.move_to(uids, Role.JUNK)))
    for icon_name, text, act in rows:
        action = menu.addAction(icon(icon_name, face.quiet, 16), text)
        if action is not None:
            action.triggered.connect(lambda _on=False, do=act: do())
    menu.popup(at)


def moved_words(role: Role, count: int, *, is_final: bool) -> str:
    """What was done, for the line with the way back."""
    if is_final:
        return ngettext(
            "{count} message deleted for good", "{count} messages deleted for good", count
        ).format(count=count)
    words = ngettext(
        "{count} message moved to {folder}", "{count} messages moved to {folder}", count
    )
    return words.format(count=count, folder=_(role.value))
