"""A file of texts that is sealed as a whole (AES-256-GCM): by a passphrase, or by a kept key.

Each writing makes the file anew under a new nonce; `write` has to replace it whole or not at all.
The key of a passphrase is made by Argon2id (RFC 9106) with the costs that the file names.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from myco_secrets.errors import KeeperError, LockedError

Write = Callable[[Path, bytes], None]
"""Replaces a file, whole or not at all; raises OSError."""

KEY_BYTES = 32
# RFC 9106, section 4, second recommendation: 64 MiB, three passes, four lanes.
_MEMORY_KIB, _PASSES, _LANES = 65536, 3, 4
_MOST_MEMORY_KIB, _MOST_PASSES = 1 << 20, 16
_SALT_BYTES, _NONCE_BYTES = 16, 12


class SealedBy(Enum):
    """What opens a file."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the word in the file, not a passphrase
    KEY = "key"


class _Costs(NamedTuple):
    memory_kib: int
    passes: int
    lanes: int


_USUAL = _Costs(_MEMORY_KIB, _PASSES, _LANES)


class SealedFile:
    """One file. `about` is bound into the seal: a file of another kind does not open."""

    def __init__(
        self, path: Path, about: bytes, write: Write, passphrase: str | None = None
    ) -> None:
        self._path = path
        self._about = about
        self._write = write
        self._passphrase = passphrase
        self._opened: tuple[bytes, bytes] | None = None
        """The salt and the key made from it, so that it is made once."""
        self._by = SealedBy.PASSPHRASE

    @property
    def is_new(self) -> bool:
        """Whether there is no file yet, so that any passphrase becomes its passphrase."""
        return not self._path.exists()

    @property
    def is_locked(self) -> bool:
        """Whether a passphrase or key is wanted before anything can be done."""
        return self._passphrase is None and self._opened is None

    def sealed_by(self) -> SealedBy | None:
        """What opens the file; None while there is none. Raises KeeperError."""
        body = self._body()
        return None if body is None else _sealed_by(body)

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase. Raises LockedError when it is wrong or empty."""
        if not passphrase:
            raise LockedError("a passphrase is wanted")
        before = self._passphrase, self._opened, self._by
        self._passphrase, self._opened, self._by = passphrase, None, SealedBy.PASSPHRASE
        try:
            self.load()
        except KeeperError:
            self._passphrase, self._opened, self._by = before
            raise

    def unlock_with_key(self, key: bytes) -> None:
        """Try a key of `KEY_BYTES` bytes. Raises LockedError when it is wrong."""
        before = self._passphrase, self._opened, self._by
        self._passphrase, self._opened, self._by = None, (b"", key), SealedBy.KEY
        try:
            self.load()
        except KeeperError:
            self._passphrase, self._opened, self._by = before
            raise

    def load(self) -> dict[str, str]:
        """All texts by name; none while there is no file. Raises KeeperError."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self.is_locked:
            raise LockedError("a passphrase is wanted")
        body = self._body()
        if body is None:
            return {}
        try:
            key = self._key_for(body)
            nonce, sealed = _decoded(body, "nonce"), _decoded(body, "sealed")
            opened = json.loads(AESGCM(key).decrypt(nonce, sealed, self._about))
            return {str(name): str(text) for name, text in opened.items()}
        except InvalidTag:
            if self._by is SealedBy.PASSPHRASE:
                self._opened = None
            raise LockedError("the passphrase is wrong, or the file was changed") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise KeeperError(f"{self._path} cannot be read: {error}") from error

    def store(self, everything: Mapping[str, str]) -> None:
        """Replace all texts. Raises KeeperError."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self.is_locked:
            raise LockedError("a passphrase is wanted")
        nonce = os.urandom(_NONCE_BYTES)
        body: dict[str, object] = {"version": 1}
        if self._by is SealedBy.KEY:
            assert self._opened is not None
            key = self._opened[1]
            body["by"] = SealedBy.KEY.value
        else:
            salt = self._opened[0] if self._opened is not None else os.urandom(_SALT_BYTES)
            key = self._key(salt, _USUAL)
            body |= {**_USUAL._asdict(), "salt": _encoded(salt)}
        sealed = AESGCM(key).encrypt(nonce, json.dumps(everything).encode("utf-8"), self._about)
        body |= {"nonce": _encoded(nonce), "sealed": _encoded(sealed)}
        try:
            self._write(self._path, json.dumps(body).encode("ascii"))
        except OSError as error:
            raise KeeperError(f"{self._path} cannot be written: {error.strerror}") from error

    def _body(self) -> dict[str, object] | None:
        try:
            body = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeeperError(f"{self._path} cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise KeeperError(f"{self._path} cannot be read: {error}") from error
        if not isinstance(body, dict):
            raise KeeperError(f"{self._path} cannot be read: it is no sealed file")
        return body

    def _key_for(self, body: Mapping[str, object]) -> bytes:
        if _sealed_by(body) is not self._by:
            raise LockedError(f"the file is opened by a {_sealed_by(body).value}")
        if self._by is SealedBy.KEY:
            assert self._opened is not None
            return self._opened[1]
        memory, passes, lanes = (_whole(body, name) for name in _Costs._fields)
        if not (8 * lanes <= memory <= _MOST_MEMORY_KIB and 1 <= passes <= _MOST_PASSES):
            raise ValueError("unreasonable cost")
        return self._key(_decoded(body, "salt"), _Costs(memory, passes, lanes))

    def _key(self, salt: bytes, costs: _Costs) -> bytes:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        if self._opened is not None and self._opened[0] == salt:
            return self._opened[1]
        if self._passphrase is None:
            raise LockedError("a passphrase is wanted")
        key = Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=costs.passes,
            lanes=costs.lanes,
            memory_cost=costs.memory_kib,
        ).derive(self._passphrase.encode("utf-8"))
        self._opened = (salt, key)
        return key


def _sealed_by(body: Mapping[str, object]) -> SealedBy:
    return SealedBy.KEY if body.get("by") == SealedBy.KEY.value else SealedBy.PASSPHRASE


def _decoded(body: Mapping[str, object], name: str) -> bytes:
    return base64.b64decode(str(body[name]), validate=True)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _whole(body: Mapping[str, object], name: str) -> int:
    value = body[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is no number")
    return value
