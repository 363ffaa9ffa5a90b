"""The few settings that the launcher follows. The sessions read and write the file as a whole."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from myco_browser.domain.resolvers import resolver_wish

_FILE = "settings.json"
# The keys of NEW_WINDOWS_INVISIBLE and PRIVATE_TUNNEL, whose module loads more than a start needs.
INVISIBLE_KEY = "private.default"
TUNNEL_KEY = "private.tunnel"
AT_START_KEY = "vpn.at_start"
UNTRUSTED_KEY = "vpn.untrusted"
_LONGEST = 1 << 20


class Preferences(NamedTuple):
    """What holds for starts: `invisible` is the level of windows, else they are everyday ones.

    `private_tunnel`: a private session turns the tunnel on. `resolver`: see `resolvers`.
    `tunnel_at_start`: the start of the program turns the tunnel on, too. `tunnel_untrusted`: and a
    network that is not trusted.
    """

    invisible: bool
    private_tunnel: bool
    resolver: tuple[str, tuple[str, ...]] = ("", ())
    tunnel_at_start: bool = False
    tunnel_untrusted: bool = False


def read(profile: str) -> Preferences:
    """What the settings of a profile say; the safer of each where that cannot be read."""
    try:
        with open(os.path.join(profile, _FILE), "rb") as file:
            found = json.loads(file.read(_LONGEST))
    except FileNotFoundError:
        found = {}
    except (OSError, ValueError, RecursionError):
        found = None
    is_damaged = not isinstance(found, dict)
    rows = found if isinstance(found, dict) else {}
    return Preferences(
        rows.get(INVISIBLE_KEY) is True,
        rows.get(TUNNEL_KEY) is not False,
        resolver_wish(None if is_damaged else rows),
        rows.get(AT_START_KEY, is_damaged) is not False,
        rows.get(UNTRUSTED_KEY, is_damaged) is not False,
    )
