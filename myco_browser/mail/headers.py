"""Header fields of any message, however broken, as text that can be shown on one line.

Nothing here raises: what cannot be decoded is shown with replacement characters.
"""

from __future__ import annotations

import base64
import datetime
import quopri
import re
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from myco_browser.domain.mail import Person, Summary

SUMMARY_FIELDS = (
    "DATE", "FROM", "TO", "SUBJECT", "MESSAGE-ID", "CONTENT-TYPE", "REFERENCES", "IN-REPLY-TO",
)  # fmt: skip

_MAX_FIELD = 8192
_MOST_PEOPLE = 500
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_WORDS = re.compile(rf"{_WORD.pattern}(?:\s*{_WORD.pattern})*")
_parser = BytesHeaderParser(policy=compat32)


def parse_header(raw: bytes) -> Message:
    """The header of a message; an empty one when there is nothing to be made of it."""
    try:
        return _parser.parsebytes(raw)
    except (ValueError, LookupError, AttributeError, RecursionError):
        return Message()


def field(message: Message, name: str) -> str:
    """A field as text on one line; "" without one."""
    return one_line(decoded(raw_field(message, name)))


def raw_field(message: Message, name: str) -> str:
    """A field as it was sent, bounded; bytes that are no ASCII are surrogates."""
    return next(iter(raw_fields(message, name)), "")


def raw_fields(message: Message, name: str) -> list[str]:
    """Every field of that name, as it was sent."""
    wanted = name.lower()
    # `get` would lose bytes that are no ASCII.
    every = message.raw_items()
    return [str(value)[:_MAX_FIELD] for key, value in every if key.lower() == wanted]


def decoded(text: str) -> str:
    """Encoded words (RFC 2047) as what they stand for; bytes that are no ASCII as UTF-8."""
    text = text[:_MAX_FIELD].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    # Blanks between two encoded words are no part of the text (RFC 2047, 6.2).
    return _WORDS.sub(_decoded_words, text) if "=?" in text else text


def _decoded_words(match: re.Match[str]) -> str:
    pieces: list[tuple[str, bytes]] = []
    for charset, encoding, payload in _WORD.findall(match[0]):
        # A letter may be cut in two between two words of the same charset.
        name = charset.partition("*")[0].lower()
        raw = _word_bytes(encoding.lower(), payload)
        if pieces and pieces[-1][0] == name:
            raw = pieces.pop()[1] + raw
        pieces.append((name, raw))
    return "".join(decoded_bytes(raw, name) for name, raw in pieces)


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding == "q":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except ValueError:
        return raw


def decoded_bytes(raw: bytes, charset: str) -> str:
    """Bytes as text; with a charset that nobody knows, or a wrong one, as far as it goes."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError, TypeError):
            continue
    try:
        # No text codec, such as "base64", is wanted here: only what turns bytes into text.
        return raw.decode(charset, "replace")
    except (LookupError, ValueError, TypeError):
        return raw.decode("windows-1252", "replace")


def one_line(text: str) -> str:
    """Text that can be shown on one line: no line ends, no signs that turn its direction."""
    shown = (char if char.isprintable() and not _turns(char) else " " for char in text)
    return " ".join("".join(shown).split())


def _turns(char: str) -> bool:
    """Signs that make text read in another order, with which names of files are forged."""
    return char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def people(message: Message, name: str) -> tuple[Person, ...]:
    """Who stands in an address field."""
    try:
        found = getaddresses(raw_fields(message, name))
    except (ValueError, LookupError, TypeError, IndexError, RecursionError):
        return ()
    persons = (Person(one_line(decoded(who)), one_line(address)) for who, address in found)
    return tuple(one for one in persons if one.address or one.name)[:_MOST_PEOPLE]


def sender_of(message: Message) -> Person:
    """Who it says it is from."""
    found = people(message, "From") or people(message, "Sender")
    return found[0] if found else Person(field(message, "From"), "")


def date_of(message: Message) -> int:
    """The Date field in Unix seconds; 0 when it makes no sense."""
    try:
        when = parsedate_to_datetime(raw_field(message, "Date"))
        if when.tzinfo is None:
            when = when.replace(tzinfo=datetime.UTC)
        return max(0, min(int(when.timestamp()), 1 << 40))
    except (ValueError, TypeError, IndexError, OverflowError, LookupError):
        return 0


def message_id_of(message: Message) -> str:
    """With its brackets; "" without one."""
    match = _MESSAGE_ID.search(raw_field(message, "Message-ID"))
    return match[0] if match else ""


def references_of(message: Message) -> tuple[str, ...]:
    """The messages that it answers, the oldest first."""
    text = raw_field(message, "References") + " " + raw_field(message, "In-Reply-To")
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text)))[-50:]


def summary_of(uid: int, item: Mapping[bytes, object], header_key: bytes) -> Summary:
    """What a list shows, from what the server answered."""
    header = item.get(header_key)
    message = parse_header(header if isinstance(header, bytes) else b"")
    flags = item.get(b"FLAGS", ())
    received = item.get(b"INTERNALDATE")
    size = item.get(b"RFC822.SIZE", 0)
    words = flags if isinstance(flags, tuple | list) else ()
    return Summary(
        int(uid),
        frozenset(one.decode("ascii", "replace") for one in words if isinstance(one, bytes)),
        _when(received) or date_of(message),
        sender_of(message),
        people(message, "To"),
        field(message, "Subject"),
        size if isinstance(size, int) else 0,
        message_id_of(message),
        raw_field(message, "Content-Type").strip().lower().startswith("multipart/mixed"),
        references_of(message),
    )


def _when(received: object) -> int:
    if not isinstance(received, datetime.datetime):
        return 0
    try:
        return int(received.timestamp())
    except (OverflowError, ValueError, OSError):
        return 0
