"""What another program keeps in the desktop's secret service, found by its attributes."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping


def find_secret(attributes: Mapping[str, str]) -> str | None:
    """The text of the first item that has these attributes; None when none gives one.

    May block, even until the user answered the keyring's own question.
    """
    try:
        import secretstorage
        from secretstorage.exceptions import SecretStorageException
    except ImportError:
        return None
    try:
        with contextlib.closing(secretstorage.dbus_init()) as connection:
            for item in secretstorage.search_items(connection, dict(attributes)):
                # True: the user did not want to unlock it.
                if item.is_locked() and item.unlock():
                    continue
                return item.get_secret().decode()
    except (SecretStorageException, OSError, ValueError):
        return None
    return None
