"""How the browser's own clients (mail, files) get to servers: by whoever dials for them.

No client opens a socket: the door dials, and here it is only said how to encrypt.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple

Dialler = Callable[[str, int], socket.socket]
"""Gives a connected socket for a host name and a port. Raises OSError."""


class Way(NamedTuple):
    """How to get to servers: who dials, and whose certificates count."""

    dial: Dialler
    tls: Callable[[], ssl.SSLContext]


def usual_tls() -> ssl.SSLContext:
    """The authorities of this machine and the usual ones."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
