"""What the one field for address and search means: an address, a search, or neither.

Rules, in this order: `?words` and `keyword words` search; what has a scheme is an address or is
refused; an absolute path is a file; anything with a blank is a search; a word is an address when
it has a port, is an IP literal, `localhost`, or ends in a public suffix; the rest is a search.

Pasted `javascript:`, `data:` and `blob:` texts are refused rather than searched: the text would
otherwise go to a search engine, and it was surely not meant for one. Invisible and
direction-changing characters are removed before anything is decided, so what is seen in the
field is what is acted upon.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from myco_browser.domain.addresses import (
    MAX_URL,
    canonical_url,
    encode_rest,
    file_url,
    parse_place,
    scheme_of,
    split_authority,
)
from myco_browser.domain.hosts import has_known_suffix, ip_of, is_loopback_host
from myco_browser.domain.messages import N_
from myco_browser.domain.search_engines import SearchEngine

MAX_INPUT = 65_536
"""Longest input that is read, in characters."""


class Reason(Enum):
    """Why an input is refused; the value is the sentence to show."""

    EMPTY = N_("Type an address or words to search for.")
    TOO_LONG = N_("This text is too long for the address bar.")
    SCRIPT = N_(
        "Scripts and inline documents are not run from the address bar. "
        "To search for this text, put a question mark in front of it."
    )
    INVALID_ADDRESS = N_("This is not a valid address.")
    UNSUPPORTED_SCHEME = N_(
        "This kind of address cannot be opened. "
        "To search for this text, put a question mark in front of it."
    )
    CREDENTIALS = N_(
        "This looks like a name and a password, so it was not sent to the search engine. "
        "Put https:// in front of it to open it as an address."
    )


class Navigate(NamedTuple):
    """Open `url`, which is in canonical spelling."""

    url: str


class Search(NamedTuple):
    """Open `url`, the results of `engine` for `terms`."""

    url: str
    engine: SearchEngine
    terms: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Do nothing, and say why."""

    reason: Reason


Outcome = Navigate | Search | Refused

_OPENED = frozenset({"http", "https", "file", "about", "myco", "view-source"})
_SCRIPTS = frozenset({"javascript", "data", "blob", "vbscript", "filesystem"})
_FOREIGN = frozenset(
    {"mailto", "tel", "sms", "ftp", "sftp", "ssh", "magnet", "irc", "ircs", "news", "urn", "geo"}
    | {"xmpp", "sip", "sips", "chrome", "chrome-extension", "devtools", "qrc", "resource"}
)
_WRAPPED_ADDRESS = re.compile(r"\s*(?:https?|file):", re.IGNORECASE | re.ASCII)
_QUAD = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_PASSWORD = re.compile(r"[^\s/@:]+:[^\s/@]+@[^\s/@]+")
_HTTP_SUFFIXES = (".localhost", ".local", ".lan", ".home.arpa")
# Characters that take no visible place though they are letters or marks (Unicode property
# Default_Ignorable_Code_Point); those of category Cf are recognised by their category.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u2800"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)


def parse_input(
    text: str, engines: Sequence[SearchEngine], default_engine: SearchEngine
) -> Outcome:
    """Decide what to do with `text` from the address bar, the command line or the clipboard."""
    if len(text) > MAX_INPUT:
        return Refused(Reason.TOO_LONG)
    cleaned = clean_input(text)
    if cleaned.startswith("?"):
        return _search(cleaned[1:].strip(), default_engine)
    keyword, _, terms = cleaned.partition(" ")
    engine = _engine_for(keyword, engines)
    if engine is not None and terms.strip():
        return _search(terms.strip(), engine)
    outcome = _with_scheme(cleaned) or _without_scheme(cleaned)
    return _search(cleaned, default_engine) if outcome is None else outcome


def clean_input(text: str) -> str:
    """`text` without line breaks, invisible, control and direction characters.

    An address that was wrapped over lines is joined; between words a line break is a blank.
    """
    joint = "" if _WRAPPED_ADDRESS.match(text) else " "
    one_line = joint.join(line.strip() for line in text.splitlines())
    kept = (" " if char.isspace() else char for char in one_line if not _is_hidden(char))
    return "".join(kept).strip()


def _is_hidden(char: str) -> bool:
    if char.isascii():
        return not char.isprintable() and char != "\t"
    if char in _INVISIBLE or ord(char) >> 16 == 0xE:  # plane 14: tags and variation selectors
        return True
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def _engine_for(keyword: str, engines: Sequence[SearchEngine]) -> SearchEngine | None:
    word = keyword.lower().removeprefix("@")
    return next((engine for engine in engines if word in engine.keywords), None)


def _with_scheme(text: str) -> Outcome | None:
    """The outcome for a text that begins with a scheme, None if it does not (or may not)."""
    # A blank inside the scheme's name is how a tab or a line break in a pasted one looks now.
    if (scheme_of(text.replace(" ", "")) or "") in _SCRIPTS and ":" in text:
        return Refused(Reason.SCRIPT)
    scheme = scheme_of(text)
    if scheme in _OPENED:
        return _open(text)
    if scheme is None:
        return None
    if text[len(scheme) + 1 :].startswith("//") or (scheme in _FOREIGN and " " not in text):
        return Refused(Reason.UNSUPPORTED_SCHEME)
    return None


def _open(text: str) -> Outcome | None:
    inner = text[12:].strip() if scheme_of(text) == "view-source" else ""
    if inner and scheme_of(inner) not in _OPENED:
        outcome = _with_scheme(inner) or _without_scheme(inner)
        if isinstance(outcome, Refused):
            return outcome
        text = f"view-source:{outcome.url}" if isinstance(outcome, Navigate) else text
    url = canonical_url(text)
    if url is not None:
        return Navigate(url)
    if len(text) > MAX_URL // 9:  # escaping is what made it too long
        return Refused(Reason.TOO_LONG)
    return None if " " in text else Refused(Reason.INVALID_ADDRESS)


def _without_scheme(text: str) -> Outcome | None:
    if text.startswith("/") and not text.startswith("//"):
        url = file_url(text)
        return Navigate(url) if len(url) <= MAX_URL else Refused(Reason.TOO_LONG)
    if _PASSWORD.fullmatch(split_authority(text)[0]):
        return Refused(Reason.CREDENTIALS)
    url_or_none = _typed_host(text)
    if url_or_none is None:
        return None
    return Navigate(url_or_none) if len(url_or_none) <= MAX_URL else Refused(Reason.TOO_LONG)


def _typed_host(text: str) -> str | None:
    """The address for a typed `host[:port][/path]` that is meant as one, else None."""
    if " " in text:
        return None
    authority, rest = split_authority(text)
    if "@" in authority or "%" in authority:
        return None
    place = parse_place(authority)
    if place is None or not _is_meant_as_host(authority, place, rest):
        return None
    host, port = place
    scheme = _typed_scheme(host, port)
    default = 443 if scheme == "https" else 80
    shown = host if port in (None, default) else f"{host}:{port}"
    return f"{scheme}://{shown}{encode_rest(rest)}"


def _is_meant_as_host(authority: str, place: tuple[str, int | None], rest: str) -> bool:
    host, port = place
    if host.startswith("["):
        return True
    if ip_of(host) is not None:  # 3.14 and 15:30 are numbers, 192.168.1.1 is a place
        return _QUAD.fullmatch(authority.partition(":")[0]) is not None
    if port is not None or is_loopback_host(host):
        return True
    # A closing slash says "address" where the word alone says nothing (`intranet/`).
    return has_known_suffix(host) or rest == "/"


def _typed_scheme(host: str, port: int | None) -> str:
    if port == 443:
        return "https"
    plain = ip_of(host) is not None or "." not in host or host.endswith(_HTTP_SUFFIXES)
    return "http" if plain or port == 80 else "https"


def _search(terms: str, engine: SearchEngine) -> Outcome:
    if not terms:
        return Refused(Reason.EMPTY)
    url = engine.url_for(terms)
    return Search(url, engine, terms) if len(url) <= MAX_URL else Refused(Reason.TOO_LONG)
