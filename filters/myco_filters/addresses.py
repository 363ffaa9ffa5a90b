"""The option ``ipaddress=``: filters about the address that a name was resolved to."""

from __future__ import annotations

import ipaddress

from myco_filters.pattern import expression_of
from myco_filters.regex import RegexRefusedError


def fits_address(value: str, address: str) -> bool:
    """Whether an address is one of ``a|b``: an address, a beginning with ``*``, a network, an
    expression, or the words ``lan`` and ``loopback``. A ``~`` before a member excludes it."""
    members = [member.strip() for member in value.split("|") if member.strip()]
    excluded = [member[1:] for member in members if member[0] == "~"]
    included = [member for member in members if member[0] != "~"]
    if any(_is(member, address) for member in excluded):
        return False
    return not included or any(_is(member, address) for member in included)


def _is(member: str, address: str) -> bool:
    if member[:1] == "/" and member[-1:] == "/" and len(member) > 2:
        try:
            return expression_of(member).compiled(match_case=True).search(address) is not None
        except RegexRefusedError:
            return False
    if member.endswith("*"):
        return address.startswith(member[:-1])
    try:
        parsed = ipaddress.ip_address(address)
        if member == "loopback":
            return parsed.is_loopback
        if member == "lan":
            return parsed.is_private and not parsed.is_loopback
        return parsed in ipaddress.ip_network(member, strict=False)
    except ValueError:
        return False
