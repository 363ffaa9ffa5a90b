"""Host names and addresses: one canonical ASCII spelling, and what kind of place it names.

The spelling follows the host parser of the WHATWG URL standard where the engine follows it
(percent-encoding, UTS 46, old number forms of IPv4), and is stricter elsewhere: what two
parsers could read differently has no canonical form here and is refused.
"""

from __future__ import annotations

import ipaddress
import re
import urllib.parse

import idna

from myco_filters.hosts import listed_suffix, registrable

MAX_HOST = 253
"""Longest DNS name in characters, without the final dot (RFC 1035, 2.3.4)."""

_MAX_TYPED = 1024  # IDNA's cost grows with the input; no valid name is typed longer than this
# No hyphen at either end: Qt refuses such a name, so it could be shown but never opened.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_HEX_NUMBER = re.compile(r"0x[0-9a-f]*")
_LOCAL_SUFFIXES = ("localhost", "local", "lan", "home.arpa", "internal", "intranet")
_SPECIAL_USE = frozenset({*_LOCAL_SUFFIXES, "test", "example", "invalid", "onion", "home", "corp"})


def parse_host(text: str) -> str | None:
    """The canonical ASCII host of `text`, an IPv6 address in brackets; None if it has none."""
    if not text or len(text) > _MAX_TYPED:
        return None
    if text.startswith("["):
        return _parse_ipv6(text)
    name = _percent_decoded(text)
    ascii_name = _to_ascii(name) if name else None
    if ascii_name is None:
        return None
    if _ends_in_number(ascii_name):
        return _parse_ipv4(ascii_name)
    return ascii_name


def ip_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a canonical `host` is the literal of, or None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_local_host(host: str) -> bool:
    """Does `host` name this machine or its own network (RFC 1918, 4193, 6761, 6762, 8375)?

    Only the spelling is judged. A public name may still resolve to a private address: the door
    looks at what came out of the resolver.
    """
    address = ip_of(host)
    if address is not None:
        return is_local_address(address)
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith(tuple(f".{suffix}" for suffix in _LOCAL_SUFFIXES))


def is_local_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Is `address` anything but an ordinary public unicast address?"""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    judged = mapped or address
    return not judged.is_global or judged.is_multicast


def is_loopback_host(host: str) -> bool:
    """Is `host` this very machine: `localhost`, a name below it, or a loopback address?"""
    address = ip_of(host)
    if address is not None:
        return address.is_loopback
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def has_known_suffix(host: str) -> bool:
    """Does a dotted `host` end in a suffix of the public suffix list or of RFC 6761 and kin?"""
    name = host.rstrip(".")
    if "." not in name:
        return False
    last = name.rpartition(".")[2]
    return last in _SPECIAL_USE or listed_suffix(name) != ""


def registrable_domain(host: str) -> str | None:
    """The part of `host` that somebody registered (`example.co.uk`), None if there is none."""
    name = host.rstrip(".").lower()
    if not name or ip_of(host) is not None:
        return None
    domain = registrable(name)
    return None if domain in (listed_suffix(domain), domain.rpartition(".")[2]) else domain


def _parse_ipv6(text: str) -> str | None:
    if not text.endswith("]") or "%" in text:  # a zone identifier has no meaning in a URL
        return None
    try:
        address = ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        return None
    mapped = address.ipv4_mapped
    if mapped is None:
        return f"[{address.compressed}]"
    # Python versions differ in how they print these; the standard has only hexadecimal groups.
    return f"[::ffff:{int(mapped) >> 16:x}:{int(mapped) & 0xFFFF:x}]"


def _percent_decoded(text: str) -> str | None:
    if "%" not in text:
        return text
    try:
        return urllib.parse.unquote_to_bytes(text).decode("utf-8")
    except UnicodeError:  # also lone surrogates, which cannot be encoded in the first place
        return None


def _to_ascii(name: str) -> str | None:
    lowered = name.lower() if name.isascii() else _idna_encoded(name)
    if lowered is None:
        return None
    bare = lowered.removesuffix(".")
    labels = bare.split(".")
    if len(bare) > MAX_HOST or not all(_is_label(label) for label in labels):
        return None
    return lowered


def _idna_encoded(name: str) -> str | None:
    """Map by UTS 46, then encode label by label: an underscore beside an umlaut is allowed."""
    try:
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        encoded = [
            label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels
        ]
    except UnicodeError:  # IDNAError is one
        return None
    return ".".join(encoded).lower()


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return idna.encode(idna.decode(label)).decode("ascii") == label
    except UnicodeError:
        return False


def _ends_in_number(name: str) -> bool:
    last = name.removesuffix(".").rpartition(".")[2]
    return last.isdecimal() or _HEX_NUMBER.fullmatch(last) is not None


def _parse_ipv4(name: str) -> str | None:
    """The dotted quad for up to four decimal, octal or hexadecimal parts, as engines read them."""
    parts = name.removesuffix(".").split(".")
    if len(parts) > 4:
        return None
    numbers = [_ipv4_number(part) for part in parts]
    value = 0
    for position, number in enumerate(numbers):
        last = position == len(numbers) - 1
        limit = 256 ** (5 - len(numbers)) if last else 256
        if number is None or number >= limit:
            return None
        value += number if last else number << (8 * (3 - position))
    return str(ipaddress.IPv4Address(value))


def _ipv4_number(part: str) -> int | None:
    base, digits = 10, part
    if part.startswith("0x"):
        base, digits = 16, part[2:] or "0"
    elif part.startswith("0") and len(part) > 1:
        base, digits = 8, part[1:]
    if len(digits) > 40:  # far above any valid value; keeps int() linear
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None
