"""Whether a downloaded body may replace the list that we have."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from enum import Enum

from myco_filters.lazy import lazy_pattern

SIZE_LIMIT = 24 * 1024 * 1024
"""Bytes. The largest list in use has about 4 MB."""
DAY = 86_400
_EXPIRES = lazy_pattern(r"^[!#]\s*Expires:\s*([0-9]{1,4})\s*(d|h|$)", re.MULTILINE | re.IGNORECASE)
_TITLE = lazy_pattern(r"^[!#]\s*Title:\s*(.{1,200}?)\s*$", re.MULTILINE | re.IGNORECASE)
_CHECKSUM = lazy_pattern(r"^\s*!\s*checksum[\s\-:]+([\w+/=]+).*\n", re.MULTILINE | re.IGNORECASE)
_HTML = lazy_pattern(r"\s*(?:<!doctype|<\?xml|<html|<head|<body|<script|<!--)", re.IGNORECASE)
_COMMENT = ("!", "[", "# ")
_HEADER = 8192
_SAMPLE = 65_536


class RefusedCause(Enum):
    """The value is the sentence shown to people."""

    TOO_LARGE = "the download is larger than any list"
    NOT_TEXT = "the download is no UTF-8 text"
    HTML = "the server sent a web page instead of the list"
    NO_FILTERS = "the download holds no filters"
    PROSE = "the download is a text, but not one of filters"
    SHRUNK = "the download has less than a tenth of the filters we had"
    CHECKSUM = "the list does not have the checksum that it claims"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A good list."""

    text: str
    title: str
    expires: int
    """Seconds after which the list wants to be fetched again."""
    count: int
    """Lines that are neither empty nor comments."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Keep what we have."""

    cause: RefusedCause


def check(body: bytes, previous_count: int = 0, size_limit: int = SIZE_LIMIT) -> Accepted | Refused:
    """Judge a download; ``previous_count`` is the count of the list that it would replace."""
    if len(body) > size_limit:
        return Refused(RefusedCause.TOO_LARGE)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refused(RefusedCause.NOT_TEXT)
    count = count_filters(text)
    cause = _fault(text, count, previous_count)
    if cause is not None:
        return Refused(cause)
    title = _TITLE.search(text[:_HEADER])
    return Accepted(text, title[1] if title else "", expires_after(text), count)


def _fault(text: str, count: int, previous_count: int) -> RefusedCause | None:
    faults = (
        ("\0" in text, RefusedCause.NOT_TEXT),
        (_HTML.match(text) is not None, RefusedCause.HTML),
        (count == 0, RefusedCause.NO_FILTERS),
        (_is_prose(text), RefusedCause.PROSE),
        (count * 10 < previous_count, RefusedCause.SHRUNK),
        (not has_right_checksum(text), RefusedCause.CHECKSUM),
    )
    return next((cause for is_so, cause in faults if is_so), None)


def _is_prose(text: str) -> bool:
    """Whether most lines have words between spaces, which filters on addresses do not have."""
    lines = (line.strip() for line in text[:_SAMPLE].splitlines())
    kept = [line for line in lines if line and not line.startswith(_COMMENT)][:-1]
    wordy = sum(1 for line in kept if len(line.split()) > 3 and "#" not in line and "$" not in line)
    return wordy * 2 > len(kept)


def count_filters(text: str) -> int:
    """Lines that are neither empty nor comments."""
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith(_COMMENT))


def expires_after(text: str) -> int:
    """Seconds from the ``Expires`` header, between 6 hours and 14 days; 4 days without one."""
    found = _EXPIRES.search(text[:_HEADER])
    if found is None:
        return 4 * DAY
    unit = 3600 if found[2].lower() == "h" else DAY
    return min(max(int(found[1]) * unit, DAY // 4), 14 * DAY)


def has_right_checksum(text: str) -> bool:
    """Whether the ``Checksum`` header of Adblock Plus lists, if any, is right.

    It is the MD5 in unpadded base64 of the text without that line, carriage returns and empty
    lines. It finds broken downloads; it is no protection against a malicious server.
    """
    found = _CHECKSUM.search(text[:_HEADER])
    if found is None:
        return True
    plain = re.sub(r"\n+", "\n", _CHECKSUM.sub("", text.replace("\r", ""), count=1))
    digest = hashlib.md5(plain.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode().rstrip("=") == found[1].rstrip("=")
