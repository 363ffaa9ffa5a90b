"""Addresses in the one spelling that everything below the address bar is given.

Parsers that disagree about where the host of a URL ends are a class of attacks. So a typed or
handed-over address is taken apart here by the rules of the WHATWG URL standard and written
anew: lower-case scheme, canonical ASCII host, explicit user information before a single `@`,
everything else percent-encoded. Every parser reads that spelling in the same way.
"""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass

from myco_browser.domain.hosts import parse_host

MAX_URL = 65_536
"""Longest address that is read or produced, in characters."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PAGE_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
# Without re.ASCII, "ſ" and the Kelvin sign would pass for "s" and "k" when case is ignored.
_INTERNAL = re.compile(
    r"myco:(?://)?([a-z][a-z0-9-]{0,63})(.*)", re.IGNORECASE | re.DOTALL | re.ASCII
)
_REST_SAFE = "!$&'()*+,;=:@/?[]%~-._"
_USER_SAFE = "!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https address, taken apart.

    `host` is canonical (see `parse_host`), `port` is None for the scheme's own, `rest` is path,
    query and fragment, percent-encoded and beginning with a slash.
    """

    scheme: str
    userinfo: str
    host: str
    port: int | None
    rest: str

    @property
    def url(self) -> str:
        """The address as one string."""
        user = f"{self.userinfo}@" if self.userinfo else ""
        return f"{self.scheme}://{user}{self.authority}{self.rest}"

    @property
    def authority(self) -> str:
        """Host and, unless it is the usual one, port."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def scheme_of(text: str) -> str | None:
    """The lower-case scheme that `text` begins with, or None."""
    found = _SCHEME.match(text)
    return found[1].lower() if found else None


def parse_web_address(text: str) -> WebAddress | None:
    """Take an http or https address apart; None if it is none or has no valid host."""
    scheme = scheme_of(text)
    if scheme not in _DEFAULT_PORTS:
        return None
    # Any number of slashes, either way round, stands before the host (WHATWG, special schemes).
    body = text[len(scheme) + 1 :].lstrip("/\\")
    authority, rest = split_authority(body)
    user, _, place = authority.rpartition("@")
    split = parse_place(place)
    if split is None:
        return None
    host, port = split
    return WebAddress(
        scheme=scheme,
        userinfo=_userinfo(user),
        host=host,
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        rest=encode_rest(rest),
    )


def split_authority(body: str) -> tuple[str, str]:
    """Split what follows the slashes into authority and the rest (which keeps its delimiter)."""
    end = re.search(r"[/\\?#]", body)
    return (body, "") if end is None else (body[: end.start()], body[end.start() :])


def parse_place(place: str) -> tuple[str, int | None] | None:
    """Read `host` or `host:port`; None if either is invalid."""
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{0,10}))?", place, re.DOTALL)
    host = parse_host(found[1]) if found else None
    if found is None or host is None:
        return None
    port = int(found[2]) if found[2] else None
    return None if port is not None and port > 65_535 else (host, port)


def canonical_url(text: str) -> str | None:
    """The canonical spelling of an address that may be opened, None for anything else.

    Opened are http, https, file (of this machine), about:, myco: and view-source: of the web
    and of files. Scripts (`javascript:`), inline documents (`data:`, `blob:`) and foreign
    schemes never are.
    """
    found = _canonical(text, scheme_of(text))
    return found if found is not None and len(found) <= MAX_URL else None


def file_url(path: str) -> str:
    """The address of an absolute path on this machine."""
    return "file:///" + _quoted(path.lstrip("/").replace("%", "%25"), "!$&'()*+,;=:@/%~-._")


def encode_rest(rest: str, *, backslash_is_slash: bool = True) -> str:
    """Percent-encode path, query and fragment; the result begins with a slash."""
    body, hash_sign, fragment = rest.partition("#")
    path, question_mark, query = body.partition("?")
    if backslash_is_slash:
        path = path.replace("\\", "/")
    if not path.startswith("/"):
        path = f"/{path}"
    encoded = _quoted(path) + question_mark + _quoted(query)
    return encoded + hash_sign + _quoted(fragment)


def _canonical(text: str, scheme: str | None) -> str | None:
    match scheme:
        case "http" | "https":
            address = parse_web_address(text)
            return address.url if address else None
        case "file":
            return _canonical_file(text[5:])
        case "about":
            name = text[6:].lower() or "blank"
            return f"about:{name}" if _PAGE_NAME.fullmatch(name) else None
        case "myco":
            found = _INTERNAL.fullmatch(text)
            return _canonical_internal(found) if found else None
        case "view-source":
            shown = scheme_of(text[12:]) in {"http", "https", "file"}
            inner = canonical_url(text[12:]) if shown else None
            return None if inner is None else f"view-source:{inner}"
        case _:
            return None


def _canonical_internal(found: re.Match[str]) -> str | None:
    rest = found[2]
    if rest and rest[0] not in "/?#":
        return None
    return f"myco://{found[1].lower()}{encode_rest(rest)}"


def _canonical_file(body: str) -> str | None:
    slashed = body.replace("\\", "/")
    if slashed.startswith("//"):
        host, rest = split_authority(slashed[2:])
        if host.lower() not in {"", "localhost"}:
            return None  # another machine's share: not ours to open
        slashed = rest
    if not slashed.startswith("/"):
        return None
    return "file:///" + encode_rest(slashed).lstrip("/")


def _userinfo(user: str) -> str:
    name, colon, password = user.partition(":")
    encoded = _quoted(name, _USER_SAFE) + colon + _quoted(password, _USER_SAFE)
    return "" if encoded == ":" else encoded


def _quoted(text: str, safe: str = _REST_SAFE) -> str:
    """Percent-encode as UTF-8 what is neither unreserved nor in `safe`; keep valid escapes."""
    whole = _STRAY_PERCENT.sub("%25", text)
    return urllib.parse.quote(whole.encode("utf-8", "replace"), safe=safe)
