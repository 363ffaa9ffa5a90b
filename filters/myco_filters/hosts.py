"""Host names: their suffixes, their registrable domain, their entity forms (``name.*``).

All answers are cached, because a page asks the same hosts again and again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from publicsuffixlist import PSLFILE

_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.ASCII)
_LONGEST = 253


def is_address(host: str) -> bool:
    """Whether the host is an IPv4 address or a bracketed IPv6 address."""
    return host[:1] == "[" or _IPV4.fullmatch(host) is not None


@lru_cache(maxsize=16384)
def registrable(host: str) -> str:
    """The registrable domain; for addresses and bare public suffixes the host itself."""
    suffix = _public_suffix(host)
    if not suffix or suffix == host:
        return host
    before = host[: -len(suffix) - 1]
    return before[before.rfind(".") + 1 :] + "." + suffix


@lru_cache(maxsize=8192)
def suffixes(host: str) -> tuple[str, ...]:
    """The host and its parents, longest first: ``a.b.c``, ``b.c``, ``c``.

    A name that is longer than any in the DNS leads nowhere, and has only itself.
    """
    if is_address(host) or len(host) > _LONGEST:
        return (host,)
    found = [host]
    dot = host.find(".")
    while dot >= 0:
        found.append(host[dot + 1 :])
        dot = host.find(".", dot + 1)
    return tuple(found)


@lru_cache(maxsize=2048)
def names(host: str) -> frozenset[str]:
    """All spellings by which a filter option may name this host: suffixes and entities."""
    found = set(suffixes(host))
    suffix = _public_suffix(host)
    if suffix and suffix != host:
        base = host[: -len(suffix) - 1]
        found.update(part + ".*" for part in suffixes(base))
    return frozenset(found)


def _public_suffix(host: str) -> str:
    if not host or len(host) > _LONGEST or is_address(host):
        return ""
    return listed_suffix(host) or host[host.rfind(".") + 1 :]


def listed_suffix(host: str) -> str:
    """The public suffix of a name, as the list has it; "" for a name that no rule covers."""
    rules = _rules()
    spelled = suffixes(host)
    # The rules are not encoded when they are read: few hosts need that.
    decoded = suffixes(_decoded(host)) if "xn--" in host else spelled
    for suffix, name in zip(spelled, decoded, strict=True):
        parent = name.partition(".")[2]
        if name in rules.exceptions:
            return suffix.partition(".")[2]
        if name in rules.plain or (parent and parent in rules.wildcards):
            return suffix
    return ""


class _Rules(NamedTuple):
    plain: frozenset[str]
    wildcards: frozenset[str]
    exceptions: frozenset[str]


@cache
def _rules() -> _Rules:
    # Read from the package's data file: its own class takes ten times as long to prepare.
    lines = Path(PSLFILE).read_bytes().decode().split("\n")
    rules = [line.rstrip() for line in lines if line and line[0] != "/"]
    special = [rule for rule in rules if rule < "0"]  # "!" and "*" come before all of a host
    return _Rules(
        frozenset(rules).difference(special),
        frozenset(rule[2:] for rule in special if rule[:2] == "*."),
        frozenset(rule[1:] for rule in special if rule[0] == "!"),
    )


def _decoded(host: str) -> str:
    """The host with its labels in Unicode, as the rules have them."""
    return ".".join(map(_decoded_label, host.split(".")))


def _decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
