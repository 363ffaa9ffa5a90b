"""The files of a folder, as rows or as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QByteArray,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
)
from PyQt6.QtGui import QColor, QFont, QImage, QImageReader, QPainter
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from myco_browser.domain.files import Entry
from myco_browser.ui.icons import pixmap
from myco_browser.ui.sidebar.files_words import entry_facts, entry_icon
from myco_browser.ui.theme import SPACE, Face

ENTRY = Qt.ItemDataRole.UserRole
PICTURE_SIDE = 104
_ROW_HEIGHT = 48
_FORMATS = (b"png", b"jpeg", b"webp", b"gif")
_TILE = QSize(PICTURE_SIDE + 16, PICTURE_SIDE + 34)


class FilesModel(QAbstractListModel):
    """Folders first, then files, by name. `look` is asked for pictures of those that are seen."""

    def __init__(self, look: Callable[[Entry], None], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._entries: list[Entry] = []
        self._hidden: frozenset[str] = frozenset()
        self._pictures: dict[tuple[str, str], QImage] = {}
        self._asked: set[tuple[str, str]] = set()

    @property
    def entries(self) -> Sequence[Entry]:
        """What is listed."""
        return self._entries

    def show(self, entries: Sequence[Entry]) -> None:
        """Lists these."""
        wanted = [one for one in entries if one.path not in self._hidden]
        wanted.sort(key=lambda one: (not one.is_folder, one.name.casefold(), one.name))
        if wanted != self._entries:
            self.beginResetModel()
            self._entries = wanted
            self.endResetModel()

    def hide(self, paths: Sequence[str]) -> None:
        """Takes some out of the list before the server has done so."""
        self._hidden |= frozenset(paths)
        self.show(self._entries)

    def unhide(self, paths: Sequence[str], entries: Sequence[Entry]) -> None:
        """Shows them again."""
        self._hidden -= frozenset(paths)
        self.show(entries)

    def take_picture(self, entry: Entry, picture: QImage) -> None:
        """The picture of a file has come."""
        self._pictures[(entry.path, entry.etag)] = picture
        for row, one in enumerate(self._entries):
            if one.path == entry.path:
                index = self.index(row)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flag = super().flags(index)
        return flag | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flag

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(entry)
        return None

    def _picture(self, entry: Entry) -> QImage | None:
        key = (entry.path, entry.etag)
        if key not in self._asked and entry.kind.startswith("image/") and not entry.is_folder:
            self._asked.add(key)
            self._look(entry)
        return self._pictures.get(key)


class FilesDelegate(QStyledItemDelegate):
    """Paints a file as a row, or as a picture with its name."""

    def __init__(self, face: Face, language: str, parent: QObject) -> None:
        super().__init__(parent)
        self._face = face
        self._language = language
        self.as_pictures = False
        self.below: str | None = None
        """While something was searched for: the folder in which it was."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        return _TILE if self.as_pictures else QSize(0, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        entry = index.data(ENTRY)
        if painter is None or not isinstance(entry, Entry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = option.rect.adjusted(4, 1, -4, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            self._ground(painter, place, self._face.field_hover)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            self._ground(painter, place, self._face.field)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self._face.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 8, 8)
        picture = index.data(Qt.ItemDataRole.DecorationRole) if self.as_pictures else None
        if self.as_pictures:
            self._paint_tile(painter, place, entry, picture)
        else:
            self._paint_row(painter, place, entry)
        painter.restore()

    def _ground(self, painter: QPainter, place: QRect, colour: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(place, 8, 8)

    def _paint_row(self, painter: QPainter, place: QRect, entry: Entry) -> None:
        tone = self._face.accent if entry.is_folder else self._face.quiet
        top = place.top() + (place.height() - 22) // 2
        self._icon(painter, QRect(place.left() + SPACE["m"], top, 22, 22), entry, tone)
        words = place.adjusted(SPACE["m"] + 34, 5, -SPACE["s"], -5)
        facts = entry_facts(entry, self._language, self.below)
        line = words.height() // 2
        upper = QRect(words.left(), words.top(), words.width(), line if facts else words.height())
        self._text(painter, upper, entry.name, self._face.text, 13)
        if facts:
            lower = QRect(words.left(), words.top() + line, words.width(), line)
            self._text(painter, lower, facts, self._face.quiet, 11)

    def _paint_tile(self, painter: QPainter, place: QRect, entry: Entry, picture: object) -> None:
        room = QRect(place.left() + 4, place.top() + 4, place.width() - 8, PICTURE_SIDE - 4)
        if isinstance(picture, QImage) and not picture.isNull():
            size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(room.center())
            painter.drawImage(target, picture)
        else:
            tone = self._face.accent if entry.is_folder else self._face.quiet
            spot = QRect(0, 0, 40, 40)
            spot.moveCenter(room.center())
            self._icon(painter, spot, entry, tone)
        below = QRect(place.left() + 4, room.bottom() + 4, place.width() - 8, 20)
        self._text(painter, below, entry.name, self._face.text, 12, centred=True)

    def _icon(self, painter: QPainter, place: QRect, entry: Entry, tone: str) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        painter.drawPixmap(place, pixmap(entry_icon(entry), tone, place.width(), ratio))

    def _text(
        self, painter: QPainter, place: QRect, text: str, colour: str, size: int, *,
        centred: bool = False,
    ) -> None:  # fmt: skip
        font = QFont(painter.font())
        font.setPixelSize(size)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        flag = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, flag | Qt.AlignmentFlag.AlignVCenter, shown)


def decoded(content: bytes, side: int) -> QImage:
    """A picture no larger than `side`; an empty one for what is none. In any thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    reader = QImageReader(buffer)
    size = reader.size()
    if not size.isValid() or bytes(reader.format().data()) not in _FORMATS:
        return QImage()
    reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
