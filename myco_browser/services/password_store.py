"""The file of passwords of one profile: sealed as a whole, opened by the keyring or a passphrase.

    StoreError
     └─ StoreLockedError      a passphrase is wanted, or the keyring does not give the key

The key that opens it is kept by the desktop's secret service; where there is none that can be
trusted, it is made from a passphrase. Everything may block: it is called beside the Qt thread.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path

from myco_browser.domain.logins import (
    MOST_LOGINS,
    Login,
    Logins,
    login_from_text,
    login_to_text,
)
from myco_browser.services.atomic_files import remove_leftovers, write_atomically
from myco_secrets.errors import KeeperError, LockedError, MissingError
from myco_secrets.sealed import KEY_BYTES, SealedBy, SealedFile
from myco_secrets.service import SecretService

FILE = "passwords.sealed"
_SERVICE = "myco-browser"
_ABOUT = b"myco-browser passwords 1"


class StoreError(Exception):
    """Passwords cannot be read or kept; the message is for people."""


class StoreLockedError(StoreError):
    """They cannot be opened without the user."""


class Opening(Enum):
    """What is wanted to open the store."""

    NOTHING = "nothing"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word for what is wanted
    NEW_PASSPHRASE = "new passphrase"  # noqa: S105 - the same
    KEYRING = "keyring"
    """It was sealed with a key of the keyring, which does not give it."""


class PasswordStore:
    """The logins of a profile. With `writable` False (a private session) it is read only.

    Calls may come from any one thread at a time; they are taken one after another.
    """

    def __init__(
        self, path: Path, *, writable: bool, random: Callable[[int], bytes],
        service: SecretService | None = None,
    ) -> None:  # fmt: skip
        self._path = path
        self._writable = writable
        self._random = random
        self._service = service or SecretService(_SERVICE)
        self._file = SealedFile(path, _ABOUT, write_atomically)
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._logins: Logins = ()
        if writable:
            remove_leftovers(path)

    @property
    def writable(self) -> bool:
        """Whether changes are kept."""
        return self._writable

    def open(self) -> Opening:
        """Open without the user if that can be; else what is wanted. Raises StoreError."""
        with self._lock:
            try:
                return self._open()
            except KeeperError as error:
                raise StoreError(str(error)) from error

    def open_with(self, passphrase: str) -> None:
        """Open with a passphrase, which becomes that of a new store. Raises StoreLockedError."""
        with self._lock:
            try:
                self._file.unlock(passphrase)
                self._read()
            except LockedError as error:
                raise StoreLockedError(str(error)) from error
            except KeeperError as error:
                raise StoreError(str(error)) from error

    def logins(self) -> Logins:
        """All of them, as they are on disk now. Raises StoreError."""
        with self._lock:
            return self._fresh()

    def change(self, work: Callable[[Logins], Iterable[Login]]) -> Logins:
        """Replace all logins by what `work` makes of them; what is kept now. Raises StoreError.

        When this returns they are on disk; after any crash there are the old or the new ones.
        """
        with self._lock:
            if not self._writable:
                raise StoreError("a private session keeps no passwords")
            after = tuple(work(self._fresh()))
            if len(after) > MOST_LOGINS:
                raise StoreError("there are too many passwords")
            try:
                self._file.store({one.id: login_to_text(one) for one in after})
            except LockedError as error:
                raise StoreLockedError(str(error)) from error
            except KeeperError as error:
                raise StoreError(str(error)) from error
            self._logins, self._stamp = after, _stamp(self._path)
            return after

    def start_anew(self) -> Path | None:
        """Put a file that cannot be opened any more aside; where it is now. Raises StoreError."""
        with self._lock:
            if not self._writable:
                raise StoreError("a private session keeps no passwords")
            aside = _free_name(self._path)
            try:
                self._path.replace(aside)
            except FileNotFoundError:
                return None
            except OSError as error:
                raise StoreError(f"{self._path}: {error.strerror}") from error
            self._file = SealedFile(self._path, _ABOUT, write_atomically)
            self._logins, self._stamp = (), None
            return aside

    def _open(self) -> Opening:
        if not self._file.is_locked:
            return Opening.NOTHING
        by = self._file.sealed_by()
        if by is SealedBy.PASSPHRASE:
            return Opening.PASSPHRASE
        if by is SealedBy.KEY:
            try:
                self._file.unlock_with_key(_key(self._service.get(self._name)))
            except (LockedError, MissingError):
                return Opening.KEYRING
            self._read()
            return Opening.NOTHING
        if not self._writable:
            return Opening.NOTHING  # nothing is there to be read
        if not self._service.works():
            return Opening.NEW_PASSPHRASE
        self._file.unlock_with_key(self._new_key())
        return Opening.NOTHING

    def _new_key(self) -> bytes:
        """A key that the keyring keeps. One that it has already opens files that were put aside."""
        try:
            return _key(self._service.get(self._name))
        except (LockedError, MissingError):
            key = self._random(KEY_BYTES)
            self._service.put(self._name, base64.b64encode(key).decode("ascii"))
            return key

    def _fresh(self) -> Logins:
        if self._file.is_locked:
            if not self._writable and self._file.is_new:
                return ()
            raise StoreLockedError("the passwords are locked")
        if _stamp(self._path) != self._stamp:
            try:
                self._read()
            except KeeperError as error:
                raise StoreError(str(error)) from error
        return self._logins

    def _read(self) -> None:
        stamp = _stamp(self._path)
        read = [login_from_text(name, text) for name, text in self._file.load().items()]
        if None in read:
            raise KeeperError(f"{self._path} cannot be read: it was written by another version")
        self._logins = tuple(one for one in read if one is not None)
        self._stamp = stamp

    @property
    def _name(self) -> str:
        """Each profile has its own key."""
        return f"passwords of {self._path.parent}"


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise LockedError("the key in the keyring is damaged")
    return key


def _stamp(path: Path) -> tuple[int, int] | None:
    """Tells one version of a file from another."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.broken")).exists():
        number += 1
    return aside
