"""Passwords of Chromium and its kin: `Login Data`, encrypted under a key that Linux programs find.

Without a keyring that key is a word known to everybody ("v10"); with one, the desktop's secret
service keeps a word for each browser ("v11"). Both words are made a key by PBKDF2 in one round.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

from myco_browser.domain.logins import LONGEST_FIELD, Login, new_login
from myco_browser.services.copied_files import Unreadable, UnreadableError, copied_database
from myco_browser.services.foreign_files import MAX_ADDRESS, MAX_ROWS
from myco_secrets.elsewhere import find_secret

_KNOWN, _KEPT = b"v10", b"v11"
# Some versions on Linux encrypted under an empty word by mistake; Chromium tries it, too.
_KNOWN_WORDS = ("peanuts", "")
_SALT, _ROUNDS, _KEY_BYTES, _BLOCK = b"saltysalt", 1, 16, 16
_EPOCH, _MICRO = 11_644_473_600, 1_000_000


def read_logins(path: Path, keyring_name: str) -> tuple[tuple[Login, ...], int]:
    """The logins of a file, and how many are for no web address. Raises UnreadableError.

    `keyring_name` is what the browser calls itself in the keyring, which is asked only for
    passwords that need it.
    """
    with copied_database(path) as database:
        rows = database.execute(
            "SELECT origin_url, username_value, password_value, max(date_created,"
            " ifnull(date_password_modified, 0)) FROM logins"
            " WHERE blacklisted_by_user = 0 AND length(password_value) BETWEEN 1 AND ?"
            " AND length(origin_url) <= ? AND length(username_value) <= ? LIMIT ?",
            (4 * LONGEST_FIELD, MAX_ADDRESS, LONGEST_FIELD, MAX_ROWS),
        ).fetchall()
    keys = _Keys(keyring_name)
    found: list[Login] = []
    left_out = 0
    for url, username, sealed, changed in rows:
        if not isinstance(sealed, bytes):
            raise UnreadableError(Unreadable.FORM)
        at = max(0, int(changed) // _MICRO - _EPOCH) if isinstance(changed, int) else 0
        login = new_login(secrets.token_hex(8), str(url), str(username), keys.open(sealed), at)
        left_out += login is None
        found += [login] if login is not None else []
    return tuple(found), left_out


class _Keys:
    """The keys of one browser, each made and asked for once; they go with this object."""

    def __init__(self, keyring_name: str) -> None:
        # What a kin of Chromium calls itself there is not always its own name.
        self._names = tuple(dict.fromkeys((keyring_name, "chrome", "chromium")))
        self._kept: dict[str, str | None] = {}

    def open(self, sealed: bytes) -> str:
        """A password. Raises UnreadableError."""
        kind, body = sealed[:3], sealed[3:]
        if kind not in (_KNOWN, _KEPT):
            raise UnreadableError(Unreadable.FORM)
        for word in _KNOWN_WORDS if kind == _KNOWN else self._kept_words():
            if (text := _decrypted(body, _key(word))) is not None:
                return text
        raise UnreadableError(Unreadable.KEYRING if kind == _KEPT else Unreadable.DAMAGED)

    def _kept_words(self) -> Iterator[str]:
        for name in self._names:
            if name not in self._kept:
                self._kept[name] = find_secret({"application": name})
            if (word := self._kept[name]) is not None:
                yield word


def _key(word: str) -> bytes:
    return PBKDF2HMAC(hashes.SHA1(), _KEY_BYTES, _SALT, _ROUNDS).derive(word.encode())  # noqa: S303


def _decrypted(body: bytes, key: bytes) -> str | None:
    """AES-128-CBC with a vector of spaces, PKCS #7; None if the key is another."""
    try:
        decryptor = Cipher(algorithms.AES128(key), modes.CBC(b" " * _BLOCK)).decryptor()
        padded = decryptor.update(body) + decryptor.finalize()
        unpadder = PKCS7(8 * _BLOCK).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except ValueError:
        return None
