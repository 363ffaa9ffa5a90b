"""Small secret texts: in the desktop's secret service, or in a file sealed by a passphrase.

Never in clear. A backend of `keyring` that forgets silently, or writes to a plain file, is no
keeper: the service is tried with a word of our own before it is trusted.

    KeeperError
     ├─ LockedError     the passphrase is wanted, or was wrong
     └─ MissingError    there is no secret under that name
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path

from myco_vpn.files import replace_file

_PROBE = "probe"
# RFC 9106, section 4, second recommendation: 64 MiB, three passes, four lanes.
_MEMORY_KIB, _PASSES, _LANES = 65536, 3, 4
_MOST_MEMORY_KIB, _MOST_PASSES = 1 << 20, 16
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32


class KeeperError(Exception):
    """Secrets cannot be kept or given; the message is for people."""


class LockedError(KeeperError):
    """The passphrase is wanted, or the one that was given is wrong."""


class MissingError(KeeperError):
    """There is no secret under that name."""


class KeyringTexts:
    """The desktop's secret service, by way of `keyring`; `service` is the name of our drawer."""

    name = "the system's keyring"

    def __init__(self, service: str) -> None:
        self._service = service

    def put_text(self, name: str, text: str) -> None:
        """Keep a text. Raises KeeperError."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(self._service, name, text)
        except (KeyringError, RuntimeError) as error:
            raise KeeperError(f"the keyring does not keep the key: {error}") from error

    def get_text(self, name: str) -> str:
        """Give it back. Raises KeeperError."""
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(self._service, name)
        except (KeyringError, RuntimeError) as error:
            raise LockedError(f"the keyring does not give the key: {error}") from error
        if text is None:
            raise MissingError("the key is not in the keyring")
        return text

    def delete(self, name: str) -> None:
        """Forget it; nothing happens when there is none."""
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError, RuntimeError):
            keyring.delete_password(self._service, name)


class SealedTexts:
    """A file that is sealed as a whole, with a key from a passphrase (Argon2id, AES-256-GCM)."""

    name = "a file sealed by your passphrase"

    def __init__(self, path: Path, passphrase: str | None, about: bytes) -> None:
        self._path = path
        self._about = about
        self._passphrase = passphrase
        self._opened: tuple[bytes, bytes] | None = None
        """The salt and the key made from it, so that it is made once."""

    @property
    def is_new(self) -> bool:
        """Whether there is no file yet, so that any passphrase becomes its passphrase."""
        return not self._path.exists()

    @property
    def is_locked(self) -> bool:
        """Whether a passphrase is wanted before anything can be done."""
        return self._passphrase is None and self._opened is None

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase. Raises LockedError when it is wrong or empty."""
        if not passphrase:
            raise LockedError("a passphrase is wanted")
        before, self._passphrase = self._passphrase, passphrase
        opened, self._opened = self._opened, None
        try:
            self._load()
        except KeeperError:
            self._passphrase, self._opened = before, opened
            raise

    def put_text(self, name: str, text: str) -> None:
        """Keep a text. Raises KeeperError."""
        everything = self._load()
        everything[name] = text
        self._store(everything)

    def get_text(self, name: str) -> str:
        """Give it back. Raises KeeperError."""
        text = self._load().get(name)
        if text is None:
            raise MissingError("the key is not in the sealed file")
        return text

    def delete(self, name: str) -> None:
        """Forget it; nothing happens when there is none. Raises KeeperError."""
        if self.is_new:
            return
        everything = self._load()
        if everything.pop(name, None) is not None:
            self._store(everything)

    def _load(self) -> dict[str, str]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self.is_locked:
            raise LockedError("a passphrase is wanted")
        try:
            body = json.loads(self._path.read_bytes())
            salt, nonce, sealed = (
                base64.b64decode(body[name], validate=True) for name in ("salt", "nonce", "sealed")
            )
            memory, passes, lanes = (int(body[name]) for name in ("memory_kib", "passes", "lanes"))
            if not (8 * lanes <= memory <= _MOST_MEMORY_KIB and 1 <= passes <= _MOST_PASSES):
                raise ValueError("unreasonable cost")
            key = self._key(salt, memory, passes, lanes)
            opened = json.loads(AESGCM(key).decrypt(nonce, sealed, self._about))
        except FileNotFoundError:
            return {}
        except InvalidTag:
            self._opened = None
            raise LockedError("the passphrase is wrong, or the file was changed") from None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise KeeperError(f"{self._path} cannot be read: {error}") from error
        return {str(name): str(text) for name, text in opened.items()}

    def _store(self, everything: dict[str, str]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt = self._opened[0] if self._opened is not None else os.urandom(_SALT_BYTES)
        key = self._key(salt, _MEMORY_KIB, _PASSES, _LANES)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, json.dumps(everything).encode("utf-8"), self._about)
        body = {
            "version": 1,
            "memory_kib": _MEMORY_KIB,
            "passes": _PASSES,
            "lanes": _LANES,
            "salt": base64.b64encode(salt).decode("ascii"),
            "nonce": base64.b64encode(nonce).decode("ascii"),
            "sealed": base64.b64encode(sealed).decode("ascii"),
        }
        try:
            replace_file(self._path, json.dumps(body).encode("ascii"))
        except OSError as error:
            raise KeeperError(f"{self._path} cannot be written: {error.strerror}") from error

    def _key(self, salt: bytes, memory: int, passes: int, lanes: int) -> bytes:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        if self._opened is not None and self._opened[0] == salt:
            return self._opened[1]
        assert self._passphrase is not None
        key = Argon2id(
            salt=salt, length=_KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=memory
        ).derive(self._passphrase.encode("utf-8"))
        self._opened = (salt, key)
        return key


def keyring_works(service: str) -> bool:
    """Whether a secret service is there that gives back what it was given."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    if any(_is_no_keeper(backend) for backend in _backends(keyring.get_keyring())):
        return False
    word = secrets.token_hex(8)
    try:
        keyring.set_password(service, _PROBE, word)
        kept = keyring.get_password(service, _PROBE)
        keyring.delete_password(service, _PROBE)
    except (KeyringError, RuntimeError, OSError):
        return False
    return kept == word


def _backends(backend: object) -> list[object]:
    """The backend, or those that it asks in turn; only the first of them is written to."""
    inner = getattr(backend, "backends", None)
    return [inner[0]] if isinstance(inner, list) and inner else [backend]


def _is_no_keeper(backend: object) -> bool:
    """Whether it is known to refuse, to forget, or to write keys to a plain file."""
    module = type(backend).__module__
    return module.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt"))
