"""The passwords of mail accounts: in the desktop's keyring, else in a file under a passphrase.

Once passwords are in the file they stay there, as with the tunnel's keys. Thread-safe; every
method may block.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.one_passphrase import OnePassphrase
from myco_secrets.errors import KeeperError, LockedError, MissingError
from myco_secrets.texts import KeyringTexts, SealedTexts, keyring_works

__all__ = ["KeeperError", "LockedError", "MailPasswords", "MissingError"]

_log = logging.getLogger(__name__)
_SERVICE = "myco-mail"
_ABOUT = b"myco-mail secrets 1"


class MailPasswords:
    """Keeps a password for each account.

    `service` is what the keyring has them under, `about` what the file is bound to, `one` the
    passphrase that this session's files have in common.
    """

    def __init__(
        self,
        folder: Path,
        service: str = _SERVICE,
        about: bytes = _ABOUT,
        one: OnePassphrase | None = None,
    ) -> None:
        self._service = service
        self._about = about
        self._path = folder / "passwords.sealed"
        self._one = one if one is not None else OnePassphrase()
        self._one.join(self)
        self._tried: str | None = None
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
        """Whether the passphrase is still to be chosen: no file of this session has one."""
        return self._is_unmade() and not self._one.others_are_kept(self)

    def _is_unmade(self) -> bool:
        """Whether there is to be a file, and it is not there yet."""
        with self._lock:
            keeper = self._keeper()
            return isinstance(keeper, SealedTexts) and keeper.is_new

    def unlock(self, passphrase: str) -> None:
        """Raises LockedError when it is wrong or empty, KeeperError when the file is broken.

        A file that is still to be made takes no other passphrase than those that are there.
        """
        # The others are asked without our lock: they may be asking us.
        if self._is_unmade() and not self._one.fits_others(self, passphrase):
            raise LockedError("another file has another passphrase")
        with self._lock:
            keeper = self._keeper()
            if isinstance(keeper, KeyringTexts) or not keeper.is_locked:
                return
            keeper.unlock(passphrase)
        self._one.opened(passphrase)

    def is_barred(self) -> bool:
        """Whether there is a file, and it is locked."""
        with self._lock:
            keeper = self._keeper()
            return isinstance(keeper, SealedTexts) and not keeper.is_new and keeper.is_locked

    def opens_with(self, passphrase: str) -> bool:
        """Tries a passphrase."""
        with self._lock:
            keeper = self._keeper()
            return isinstance(keeper, SealedTexts) and _opens(keeper, passphrase)

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
        if isinstance(self._chosen, SealedTexts) and self._chosen.is_locked:
            self._try_what_was_typed(self._chosen)
        return self._chosen

    def _try_what_was_typed(self, keeper: SealedTexts) -> None:
        """Once for each passphrase: trying one takes a moment on purpose."""
        typed = self._one.typed
        if typed is not None and typed != self._tried:
            self._tried = typed
            _opens(keeper, typed)


def _opens(keeper: SealedTexts, passphrase: str) -> bool:
    try:
        keeper.unlock(passphrase)
    except KeeperError:
        return False
    return True
