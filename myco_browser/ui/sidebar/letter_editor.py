"""Where a message is typed: text, and the few kinds of emphasis that every mail program knows."""

from __future__ import annotations

import html as html_module
import re

from PyQt6.QtCore import QMimeData
from PyQt6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextListFormat,
)
from PyQt6.QtWidgets import QTextEdit

from myco_browser.ui.i18n import _

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'»”]")


class LetterEditor(QTextEdit):
    """What is pasted comes without its looks: they would tell where it comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("letter")
        self.setAcceptRichText(False)
        self.setTabChangesFocus(False)
        self.setAccessibleName(_("Message"))
        self.setPlaceholderText(_("Your message"))

    def fill(self, text: str, html: str) -> None:
        """Puts text there; of HTML (which is safe already) only emphasis and lists."""
        if html:
            self.setHtml(html)
        else:
            self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def add_line(self, text: str, *, above_signature: bool) -> None:
        """Adds a paragraph of plain text: above the user's signature, else below the cursor."""
        where = self.textCursor()
        plain_block, plain = QTextBlockFormat(), QTextCharFormat()
        signature = self._signature() if above_signature else None
        if signature is not None:
            where.setPosition(signature.position())
            # Above the empty line that stands between the text and the signature.
            where.movePosition(QTextCursor.MoveOperation.PreviousBlock)
        is_first = signature is not None and signature.blockNumber() == 0
        if is_first or not where.block().text().strip():
            where.movePosition(QTextCursor.MoveOperation.StartOfBlock)
            where.insertText(text, plain)
            where.insertBlock(plain_block, plain)
        else:
            where.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            where.insertBlock(plain_block, plain)
            where.insertText(text, plain)

    def _signature(self) -> QTextBlock | None:
        document = self.document()
        block = document.begin() if document is not None else QTextBlock()
        while block.isValid():
            # The line that mail programs know a signature by (RFC 3676, 4.3).
            if block.text() in ("-- ", "--"):
                return block
            block = block.next()
        return None

    def canInsertFromMimeData(self, source: QMimeData | None) -> bool:
        # Files are attachments, which the window takes.
        return source is not None and source.hasText() and not source.hasUrls()

    def loadResource(self, kind: int, name: object) -> object:
        """Nothing is ever loaded for what is typed."""
        return None

    def toggle_bold(self) -> None:
        """Bold, or not any more."""
        is_bold = self.fontWeight() > QFont.Weight.Normal
        self.setFontWeight(QFont.Weight.Normal if is_bold else QFont.Weight.Bold)
        self.setFocus()

    def toggle_italic(self) -> None:
        """Italic, or not any more."""
        self.setFontItalic(not self.fontItalic())
        self.setFocus()

    def toggle_list(self) -> None:
        """A list, or not any more."""
        cursor = self.textCursor()
        found = cursor.currentList()
        if found is None:
            cursor.createList(QTextListFormat.Style.ListDisc)
        else:
            found.remove(cursor.block())
            layout = cursor.blockFormat()
            layout.setIndent(0)
            cursor.setBlockFormat(layout)
        self.setFocus()

    def simple_html(self) -> str:
        """The message as simple HTML; "" when plain text says all of it."""
        document = self.document()
        if document is None:
            return ""
        rows: list[tuple[bool, str, bool]] = []
        block = document.begin()
        while block.isValid():
            rows.append((block.textList() is not None, *_block(block)))
            block = block.next()
        if not any(is_item or is_marked for is_item, _text, is_marked in rows):
            return ""
        pieces: list[str] = []
        in_list = False
        for is_item, text, _marked in rows:
            if is_item != in_list:
                pieces.append("<ul>" if is_item else "</ul>")
            in_list = is_item
            pieces.append(f"<li>{text}</li>" if is_item else f"<div>{text or '<br>'}</div>")
        if in_list:
            pieces.append("</ul>")
        return "".join(pieces)


def _block(block: QTextBlock) -> tuple[str, bool]:
    """A paragraph as HTML, and whether anything in it is emphasised."""
    pieces: list[str] = []
    is_marked = False
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        looks = fragment.charFormat()
        text = _linked(fragment.text()).replace("\u2028", "<br>")
        if looks.fontWeight() > QFont.Weight.Normal:
            text, is_marked = f"<b>{text}</b>", True
        if looks.fontItalic():
            text, is_marked = f"<i>{text}</i>", True
        pieces.append(text)
        iterator += 1
    return "".join(pieces), is_marked


def _linked(text: str) -> str:
    """Text as HTML, with its web addresses as links."""
    pieces: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        address = html_module.escape(found.group())
        pieces.append(html_module.escape(text[end : found.start()]))
        pieces.append(f'<a href="{address}">{address}</a>')
        end = found.end()
    return "".join((*pieces, html_module.escape(text[end:])))
