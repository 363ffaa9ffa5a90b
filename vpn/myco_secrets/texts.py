"""Small secret texts by name: in the desktop's secret service, or in a file with a passphrase."""

from __future__ import annotations

from pathlib import Path

from myco_secrets.errors import MissingError
from myco_secrets.sealed import SealedFile, Write
from myco_secrets.service import SecretService


class KeyringTexts:
    """The desktop's secret service, by way of `keyring`; `service` is the name of our drawer."""

    name = "the system's keyring"

    def __init__(self, service: str) -> None:
        self._service = SecretService(service)

    def put_text(self, name: str, text: str) -> None:
        """Keep a text. Raises KeeperError."""
        self._service.put(name, text)

    def get_text(self, name: str) -> str:
        """Give it back. Raises KeeperError."""
        return self._service.get(name)

    def delete(self, name: str) -> None:
        """Forget it; nothing happens when there is none. Raises KeeperError."""
        self._service.delete(name)


class SealedTexts:
    """A file that is sealed as a whole, with a key from a passphrase (Argon2id, AES-256-GCM)."""

    name = "a file sealed by your passphrase"

    def __init__(self, path: Path, passphrase: str | None, about: bytes, write: Write) -> None:
        self._file = SealedFile(path, about, write, passphrase)

    @property
    def is_new(self) -> bool:
        """Whether there is no file yet, so that any passphrase becomes its passphrase."""
        return self._file.is_new

    @property
    def is_locked(self) -> bool:
        """Whether a passphrase is wanted before anything can be done."""
        return self._file.is_locked

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase. Raises LockedError when it is wrong or empty."""
        self._file.unlock(passphrase)

    def put_text(self, name: str, text: str) -> None:
        """Keep a text. Raises KeeperError."""
        self._file.store({**self._file.load(), name: text})

    def get_text(self, name: str) -> str:
        """Give it back. Raises KeeperError."""
        text = self._file.load().get(name)
        if text is None:
            raise MissingError("the key is not in the sealed file")
        return text

    def delete(self, name: str) -> None:
        """Forget it; nothing happens when there is none. Raises KeeperError."""
        if self.is_new:
            return
        everything = self._file.load()
        if everything.pop(name, None) is not None:
            self._file.store(everything)


def keyring_works(service: str) -> bool:
    """Whether a secret service is there that gives back what it was given."""
    return SecretService(service).works()
