"""The settings about names: whom to ask where a server is."""

from __future__ import annotations

from myco_browser.domain.controls import Address, Choice, Group, Setting
from myco_browser.domain.messages import N_
from myco_browser.domain.resolvers import (
    ADDRESS_KEY,
    CHOICE_KEY,
    FALLBACK,
    NAME_SERVERS,
    OWN,
    SYSTEM,
)

RESOLVER = Setting(
    CHOICE_KEY,
    Choice(
        (
            (SYSTEM, N_("The computer’s own, usually your line’s operator")),
            *((one.key, one.title) for one in NAME_SERVERS),
            (OWN, N_("Another one, below")),
        ),
    ),
    SYSTEM,
    FALLBACK,
    Group.NETWORK,
    N_("Ask for the addresses of names"),
    N_(
        "All but the first are asked by encrypted connection: nobody on the way learns the names, "
        "but the one who is asked does. If it does not answer, nobody else is asked, and pages do "
        "not load. While the VPN is on, its own name servers are asked instead."
    ),
)
RESOLVER_ADDRESS = Setting(
    ADDRESS_KEY,
    Address(),
    NAME_SERVERS[0].url,
    NAME_SERVERS[0].url,
    Group.NETWORK,
    N_("Another name server"),
    N_(
        "Its address for DNS over HTTPS. If that begins with a name, the computer’s own name "
        "server is asked for this one name."
    ),
)
