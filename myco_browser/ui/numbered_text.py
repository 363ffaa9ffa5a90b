"""A text field with line numbers, which marks lines that something is to be said about."""

from __future__ import annotations

from collections.abc import Collection

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PyQt6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from myco_browser.ui.theme import Face

_MOST_MARKS = 500


class NumberedText(QPlainTextEdit):
    """Plain text in lines that do not wrap, with a column of numbers at the left."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face
        self._marked: frozenset[int] = frozenset()
        self.setObjectName("filters")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._fit)
        self.updateRequest.connect(self._scrolled)
        self._fit()

    def mark(self, lines: Collection[int]) -> None:
        """Mark these lines, counted from 1, and no others."""
        self._marked = frozenset(lines)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(self._face.danger))
        document = self.document()
        marks = []
        for number in sorted(self._marked)[:_MOST_MARKS]:
            block = document.findBlockByNumber(number - 1) if document is not None else None
            if block is None or not block.isValid():
                continue
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            selection.cursor = cursor
            selection.format = look
            marks.append(selection)
        self.setExtraSelections(marks)
        self._numbers.update()

    def go_to(self, line: int) -> None:
        """Put the cursor at a line, counted from 1, and show it."""
        document = self.document()
        if document is None:
            return
        self.setTextCursor(QTextCursor(document.findBlockByNumber(max(0, line - 1))))
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def numbers_width(self) -> int:
        """The width that the numbers need."""
        digits = len(str(max(1, self.blockCount())))
        return 26 + self.fontMetrics().horizontalAdvance("9") * max(2, digits)

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in view."""
        painter = QPainter(self._numbers)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        height = self.fontMetrics().height()
        while block.isValid():
            top = int(self.blockBoundingGeometry(block).translated(offset).top())
            if top > event.rect().bottom():
                break
            number = block.blockNumber() + 1
            is_marked = number in self._marked
            painter.setPen(QColor(self._face.danger if is_marked else self._face.quiet))
            room = QRect(0, top, self._numbers.width() - 10, height)
            # A sign beside the colour, for eyes that do not tell red.
            text = f"● {number}" if is_marked else str(number)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, text)
            block = block.next()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.numbers_width()
        self.setViewportMargins(width, 0, 0, 0)
        inner = self.contentsRect()
        self._numbers.setGeometry(inner.left(), inner.top(), width, inner.height())

    def _scrolled(self, area: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())


class _Numbers(QWidget):
    def __init__(self, text: NumberedText) -> None:
        super().__init__(text)
        self._text = text

    def sizeHint(self) -> QSize:
        return QSize(self._text.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if event is not None:
            self._text.paint_numbers(event)
