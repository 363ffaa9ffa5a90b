"""A message as it came (RFC 5322, RFC 2045), taken apart: what to read, what is attached.

Whatever comes, a `Parsed` comes out: of a message that makes no sense its source is shown.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32

from myco_browser.domain.mail import Attachment
from myco_browser.mail.headers import decoded, decoded_bytes, one_line, parse_header

_MOST_PARTS = 500
_MAX_TEXT = 2_000_000
_MAX_DEPTH = 40
_MULTIPART = re.compile(rb"(?i)^content-type:[ \t\r\n]*multipart/", re.MULTILINE)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
_UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_ERRORS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(slots=True)
class Parsed:
    """The parts of a message."""

    header: Message
    text: str = ""
    html: str = ""
    attachments: list[tuple[Attachment, Message]] = field(default_factory=list)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By Content-ID: kind and bytes."""
    trouble: bool = False


def parse(raw: bytes) -> Parsed:
    """Takes a message apart; never raises."""
    try:
        # What is nested without end would be taken apart without end.
        if len(_MULTIPART.findall(raw)) > _MAX_DEPTH:
            return _as_source(raw)
        message = email.message_from_bytes(raw, policy=compat32)
        parsed = Parsed(message)
        _Walk(parsed).visit(message, 0)
        parsed.trouble = parsed.trouble or any(part.defects for part in _first(message))
        return parsed
    except _ERRORS:
        return _as_source(raw)


def content_of(part: Message) -> bytes:
    """The bytes of a part; a message within a message as its source."""
    try:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return inner[0].as_bytes()
        return str(inner or "").encode("utf-8", "surrogateescape")
    except (*_ERRORS, UnicodeError):
        return b""


def safe_name(name: str, kind: str) -> str:
    """A name for a file that names no folder and hides nothing."""
    clean = _UNSAFE_IN_NAMES.sub("_", one_line(name)).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if dot and 0 < len(ending) <= 12:
        clean = f"{stem[:150]}.{ending}"
    clean = clean[:170].encode("utf-8", "replace")[:230].decode("utf-8", "ignore").strip(" .")
    if clean:
        return clean
    return "message.eml" if kind == "message/rfc822" else "attachment"


class _Walk:
    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._left = _MOST_PARTS

    def visit(self, part: Message, depth: int) -> None:
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            self._parsed.trouble = True
            return
        kind = _kind(part)
        inner = part.get_payload()
        if kind.startswith("multipart/") and isinstance(inner, list):
            for child in inner:
                if isinstance(child, Message):
                    self.visit(child, depth + 1)
            return
        if kind.startswith("multipart/"):
            # It says that it has parts and has none.
            kind = "text/plain"
            self._parsed.trouble = True
        self._take(part, kind)

    def _take(self, part: Message, kind: str) -> None:
        parsed = self._parsed
        name = _name(part)
        is_attached = _disposition(part) == "attachment" or (bool(name) and kind[:5] != "image")
        if kind in ("text/plain", "text/html") and not is_attached:
            self._take_text(part, kind)
            return
        identifier = str(part.get("Content-ID", "")).strip().strip("<>")
        if kind in _PICTURES and identifier and _disposition(part) != "attachment":
            parsed.pictures[identifier] = (kind, content_of(part))
            return
        size = len(content_of(part))
        shown = safe_name(name, kind)
        number = len(parsed.attachments)
        parsed.attachments.append((Attachment(number, shown, kind, size), part))

    def _take_text(self, part: Message, kind: str) -> None:
        text = _text_of(part)
        if len(text) > _MAX_TEXT:
            text = text[:_MAX_TEXT]
            self._parsed.trouble = True
        if kind == "text/html":
            self._parsed.html += text if not self._parsed.html else "<hr>" + text
        else:
            self._parsed.text += text if not self._parsed.text else "\n\n" + text


def _text_of(part: Message) -> str:
    charset = part.get_content_charset("utf-8") or "utf-8"
    text = decoded_bytes(content_of(part), str(charset))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _kind(part: Message) -> str:
    kind = str(part.get_content_type()).lower()
    return kind if _KIND.fullmatch(kind) else "application/octet-stream"


def _disposition(part: Message) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except _ERRORS:
        return ""


def _name(part: Message) -> str:
    try:
        return decoded(str(part.get_filename() or ""))
    except _ERRORS:
        return ""


def _first(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _as_source(raw: bytes) -> Parsed:
    body = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2] or raw
    text = body[:_MAX_TEXT].decode("utf-8", "replace").replace("\0", "")
    head = raw[: min(len(raw) - len(body), 65536)]
    return Parsed(parse_header(head), text=text, trouble=True)
