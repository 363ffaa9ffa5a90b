"""How an address is shown and which site it belongs to.

What is shown must not be able to lie: the host is the one that is contacted, user information
is left out, and characters that are invisible or change the reading order stay escaped.
"""

from __future__ import annotations

import re
import unicodedata
import urllib.parse
from enum import Enum, auto
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address, scheme_of
from myco_browser.domain.hosts import (
    ip_of,
    is_local_host,
    is_loopback_host,
    registrable_domain,
)
from myco_browser.domain.lookalikes import shown_host

MAX_SHOWN = 2048
"""Longest text that is shown for an address, in characters."""

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


class SiteKind(Enum):
    """What the chip at the left of the address bar says."""

    SECURE = auto()
    PLAIN = auto()
    LOCAL = auto()
    FILE = auto()
    INTERNAL = auto()
    SOURCE = auto()
    OTHER = auto()


class ShownUrl(NamedTuple):
    """An address in the parts that are styled differently; `domain` is the bold one.

    `scheme` is empty where it goes without saying (https and pages without a host).
    """

    kind: SiteKind
    scheme: str
    prefix: str
    domain: str
    suffix: str

    @property
    def text(self) -> str:
        """All parts in order."""
        return f"{self.scheme}{self.prefix}{self.domain}{self.suffix}"


def show_url(url: str) -> ShownUrl:
    """Take `url` apart for the address bar."""
    scheme = scheme_of(url)
    if scheme == "view-source" and scheme_of(url[12:]) != "view-source":
        inner = show_url(url[12:])
        return ShownUrl(
            SiteKind.SOURCE,
            f"view-source:{inner.scheme}",
            inner.prefix,
            inner.domain,
            inner.suffix,
        )
    address = parse_web_address(url)
    if address is not None:
        return _shown_address(address)
    kinds = {"file": SiteKind.FILE, "about": SiteKind.INTERNAL, "myco": SiteKind.INTERNAL}
    kind = kinds.get(scheme or "", SiteKind.OTHER)
    return ShownUrl(kind, "", "", "", readable(url))


def site_key(url: str) -> str | None:
    """The key of per-site settings: registrable domain, or host and port on the local network.

    None for pages that belong to no site (files, own pages).
    """
    address = parse_web_address(url)
    if address is None:
        return None
    host = address.host.rstrip(".")
    if is_local_host(host):
        default = 443 if address.scheme == "https" else 80
        return f"{host}:{address.port or default}"
    return registrable_domain(host) or host


def origin(url: str) -> str | None:
    """Scheme, host and port of a web address (RFC 6454), None for anything else."""
    address = parse_web_address(url)
    return f"{address.scheme}://{address.authority}" if address else None


def host_of(url: str) -> str | None:
    """The canonical host of a web address, None for anything else."""
    address = parse_web_address(url)
    return address.host if address else None


def readable(text: str) -> str:
    """`text` with its percent-escapes of harmless characters undone, harmful ones escaped."""
    short = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    decoded = _ESCAPES.sub(lambda found: _decoded_run(found[0]), short)
    return "".join(char if _is_harmless(char) else _escaped(char) for char in decoded)


def _shown_address(address: WebAddress) -> ShownUrl:
    host = address.host
    local = is_local_host(host)
    kind = SiteKind.SECURE if address.scheme == "https" else SiteKind.PLAIN
    if local and (kind is SiteKind.PLAIN or is_loopback_host(host)):
        kind = SiteKind.LOCAL
    prefix, domain = _split_host(host)
    port = "" if address.port is None else f":{address.port}"
    rest = "" if address.rest == "/" else readable(address.rest)
    scheme = "" if address.scheme == "https" else f"{address.scheme}://"
    return ShownUrl(kind, scheme, prefix, domain, port + rest)


def _split_host(host: str) -> tuple[str, str]:
    shown = shown_host(host)
    domain = None if ip_of(host) else registrable_domain(host)
    if domain is None:
        return "", shown
    # Both spellings have the same labels, so the boundary is counted, not searched for.
    count = host.rstrip(".").count(".") - domain.count(".")
    labels = shown.split(".")
    head = ".".join(labels[:count])
    return (f"{head}." if head else ""), ".".join(labels[count:])


def _decoded_run(run: str) -> str:
    try:
        decoded = urllib.parse.unquote_to_bytes(run).decode("utf-8")
    except UnicodeDecodeError:
        return run
    # ASCII stays escaped: `%2F` and `%20` are not the delimiters that they would look like.
    return "".join(_escaped(char) if char.isascii() else char for char in decoded)


def _is_harmless(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    if not char.isprintable() or unicodedata.combining(char):
        return False
    if unicodedata.bidirectional(char) in {"R", "AL", "AN", "NSM"}:
        return False
    return char not in "\u115f\u1160\u2800\u3164\uffa0"


def _escaped(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
