"""What can go wrong with kept secrets; the messages are for people.

KeeperError
 ├─ LockedError     the passphrase or the key is wanted, or was wrong
 └─ MissingError    there are no secrets under that name
"""

from __future__ import annotations


class KeeperError(Exception):
    """Secrets cannot be kept or given; the message is for people."""


class LockedError(KeeperError):
    """The passphrase is wanted, or the one that was given is wrong."""


class MissingError(KeeperError):
    """There are no secrets under that name."""
