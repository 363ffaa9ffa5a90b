"""Where a message is typed: text, and the few kinds of emphasis that every mail program knows."""

from __future__ import annotations

import html as html_module

from PyQt6.QtCore import QMimeData
from PyQt6.QtGui import QFont, QTextBlock, QTextCursor, QTextListFormat
from PyQt6.QtWidgets import QTextEdit

from myco_browser.ui.i18n import _


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
        text = html_module.escape(fragment.text()).replace("\u2028", "<br>")
        if looks.fontWeight() > QFont.Weight.Normal:
            text, is_marked = f"<b>{text}</b>", True
        if looks.fontItalic():
            text, is_marked = f"<i>{text}</i>", True
        pieces.append(text)
        iterator += 1
    return "".join(pieces), is_marked
