"""The passwords of mail accounts: in the desktop's keyring, else in a file under a passphrase.

Once passwords are in the file they stay there, as with the tunnel's keys. Thread-safe; every
method may block.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from myco_browser.services.atomic_files import write_atomically
from myco_secrets.errors import KeeperError, LockedError, MissingError
from myco_secrets.texts import KeyringTexts, SealedTexts, keyring_works

__all__ = ["KeeperError", "LockedError", "MailPasswords", "MissingError"]

_log = logging.getLogger(__name__)
_SERVICE = "myco-mail"
_ABOUT = b"myco-mail secrets 1"


class MailPasswords:
    """Keeps a password for each account.

    `service` is what the keyring has them under, `about` what the file is bound to.
    """

    def __init__(self, folder: Path, service: str = _SERVICE, about: bytes = _ABOUT) -> None:
        self._service = service
        self._about = about
        self._path = folder / "passwords.sealed"
        self._lock = threading.Lock()
        self._chosen: KeyringTexts | SealedTexts | None = None
        self._known: dict[str, str] = {}

    @property
    def needs_passphrase(self) -> bool:
        """Whether a passphrase is wanted before a password can be kept or given."""
        with self._lock:
            keeper = self._keeper()
            return isinstance(keeper, SealedTexts) and keeper.is_locked

    @property
    def is_new(self) -> bool:
        """Whether the passphrase is still to be chosen."""
        with self._lock:
            keeper = self._keeper()
            return isinstance(keeper, SealedTexts) and keeper.is_new

    def unlock(self, passphrase: str) -> None:
        """Raises LockedError when it is wrong or empty, KeeperError when the file is broken."""
        with self._lock:
            keeper = self._keeper()
            if isinstance(keeper, SealedTexts):
                keeper.unlock(passphrase)

    def put(self, account_id: str, password: str) -> None:
        """Keeps a password. Raises KeeperError."""
        with self._lock:
            self._keeper().put_text(account_id, password)
            self._known[account_id] = password

    def get(self, account_id: str) -> str:
        """Gives it back. Raises KeeperError."""
        with self._lock:
            if account_id not in self._known:
                self._known[account_id] = self._keeper().get_text(account_id)
            return self._known[account_id]

    def refuse(self, _token: str) -> bool:
        """A server does not take it: whether another one can be had. Not of a password."""
        return False

    def delete(self, account_id: str) -> None:
        """Forgets it. Raises KeeperError."""
        with self._lock:
            self._known.pop(account_id, None)
            self._keeper().delete(account_id)

    def forget(self, account_id: str) -> str:
        """Forgets it; why it is still kept all the same, else ""."""
        try:
            self.delete(account_id)
        except KeeperError as error:
            _log.warning("a password could not be deleted: %s", error)
            return str(error)
        return ""

    def _keeper(self) -> KeyringTexts | SealedTexts:
        if self._chosen is None:
            if not self._path.exists() and keyring_works(self._service):
                self._chosen = KeyringTexts(self._service)
            else:
                self._chosen = SealedTexts(self._path, None, self._about, write_atomically)
        return self._chosen
