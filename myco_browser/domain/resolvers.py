"""Who can be asked for the addresses of names, when that is not the system's resolver.

All stand in Europe, are open to everybody and promise to keep no record of who asked what. Their
addresses are known here, so that nobody has to be asked for them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from myco_browser.domain.messages import N_

SYSTEM = "system"
OWN = "own"
FALLBACK = "quad9"
"""What counts when the choice cannot be read: encrypted, to nobody on the way."""
CHOICE_KEY = "network.resolver"
ADDRESS_KEY = "network.resolver_address"


class NameServer(NamedTuple):
    """One of them; `title` tells what it is, `addresses` are those of the host in `url`."""

    key: str
    title: str
    url: str
    addresses: tuple[str, ...]


NAME_SERVERS: tuple[NameServer, ...] = (
    NameServer(
        "quad9",
        N_("Quad9 (Switzerland), refuses dangerous names"),
        "https://dns.quad9.net/dns-query",
        ("9.9.9.9", "149.112.112.112", "2620:fe::fe", "2620:fe::9"),
    ),
    NameServer(
        "dns4eu",
        N_("DNS4EU (European Union), unfiltered"),
        "https://unfiltered.joindns4.eu/dns-query",
        (
            "86.54.11.100",
            "86.54.11.200",
            "2a13:1001::86:54:11:100",
            "2a13:1001::86:54:11:200",
        ),
    ),
    NameServer(
        "digitale-gesellschaft",
        N_("Digitale Gesellschaft (Switzerland), unfiltered"),
        "https://dns.digitale-gesellschaft.ch/dns-query",
        ("185.95.218.42", "185.95.218.43", "2a05:fc84::42", "2a05:fc84::43"),
    ),
    NameServer(
        "mullvad",
        N_("Mullvad (Sweden), unfiltered"),
        "https://dns.mullvad.net/dns-query",
        ("194.242.2.2", "2a07:e340::2"),
    ),
    NameServer(
        "fdn",
        N_("French Data Network (France), unfiltered"),
        "https://ns0.fdn.fr/dns-query",
        ("80.67.169.12", "2001:910:800::12"),
    ),
)


def resolver_wish(rows: Mapping[str, object] | None) -> tuple[str, tuple[str, ...]]:
    """Whom to ask, by the settings as they stand in the file: an address, and where that host is.

    ("", ()) is the system's resolver; None for a file that cannot be read.
    """
    chosen = FALLBACK if rows is None else rows.get(CHOICE_KEY, SYSTEM)
    if chosen == SYSTEM:
        return "", ()
    if chosen == OWN and rows is not None:
        own = rows.get(ADDRESS_KEY)
        # What is no address is refused by the door, not replaced by another resolver.
        return (own if isinstance(own, str) and own else "https:", ())
    known = {one.key: one for one in NAME_SERVERS}
    server = known.get(str(chosen), known[FALLBACK])
    return server.url, server.addresses
