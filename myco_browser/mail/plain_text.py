"""Plain text as HTML: addresses become links, what is quoted is folded."""

from __future__ import annotations

import re

from myco_browser.mail.safe_html import escaped

_LINK = re.compile(r"https?://[^\s<>\"\u00a0]{1,2000}")
_TRAILING = ".,;:!?)]}'»”"
_FOLD_LINES = 4
_MOST_LINES = 20_000


def to_html(text: str, quoted: str) -> str:
    """`text` as HTML; `quoted` names a folded quotation and has a place for {count} lines."""
    blocks: list[str] = []
    run: list[str] = []
    in_quote = False
    lines = text.split("\n")
    for line in lines[:_MOST_LINES]:
        is_quoted = line.startswith(">")
        if is_quoted != in_quote and run:
            blocks.append(_block(run, in_quote, quoted))
            run = []
        in_quote = is_quoted
        run.append(line)
    if run:
        blocks.append(_block(run, in_quote, quoted))
    if len(lines) > _MOST_LINES:
        blocks.append("<p>…</p>")
    return "".join(blocks)


def _block(lines: list[str], is_quoted: bool, quoted: str) -> str:
    if not is_quoted:
        return f'<div class="text">{_linked(chr(10).join(lines))}</div>'
    bare = "\n".join(line[1:].removeprefix(" ") for line in lines)
    body = f'<blockquote class="text">{_linked(bare)}</blockquote>'
    if len(lines) < _FOLD_LINES:
        return body
    return f"<details><summary>{escaped(quoted.format(count=len(lines)))}</summary>{body}</details>"


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(_TRAILING)
        pieces.append(escaped(text[end : match.start()]))
        pieces.append(f'<a href="{escaped(url)}">{escaped(url)}</a>')
        end = match.start() + len(url)
    pieces.append(escaped(text[end:]))
    return "".join(pieces)


def from_html(html: str) -> str:
    """The words of HTML, for a list or a reply in plain text."""
    bare = re.sub(r"(?is)<(style|script|head|title)\b.*?</\1\s*>", " ", html[:2_000_000])
    bare = re.sub(r"(?i)<(br|/p|/div|/tr|/li|/h\d)\b[^>]*>", "\n", bare)
    bare = re.sub(r"(?s)<[^>]{0,5000}>", "", bare)
    import html as html_module

    text = html_module.unescape(bare).replace("\u00a0", " ")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
