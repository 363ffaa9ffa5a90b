"""What a server's certificate says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


class CertificateFacts(NamedTuple):
    """What a certificate says (RFC 5280); texts are of its maker's choosing."""

    issued_to: str
    issued_by: str
    names: tuple[str, ...]
    begins: datetime
    """UTC, as is `ends`."""
    ends: datetime
    key: str
    fingerprint: str
    """SHA-256 of the whole, in hexadecimal."""


Certificates = Callable[[str, int, Callable[[CertificateFacts | None], None]], None]
"""Asks for a host's and port's certificate; the answer comes later, on the same thread."""
