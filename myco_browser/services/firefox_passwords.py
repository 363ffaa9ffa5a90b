"""Passwords of Firefox: `logins.json`, encrypted under keys that `key4.db` keeps.

NSS encrypts those keys under the primary password, which is empty unless the user set one: then
nobody else can read them. Forms: PKCS #5 v2.1 (RFC 8018) and, in old profiles, PKCS #12's triple
DES as NSS derives its key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

from myco_browser.domain.logins import Login, new_login
from myco_browser.services.copied_files import (
    Unreadable,
    UnreadableError,
    copied_database,
    read_json,
)
from myco_browser.services.der import OCTETS, DerError, Item, read_one
from myco_browser.services.foreign_files import MAX_ROWS

FILE = "logins.json"

_KEYS = "key4.db"
_CHECK = b"password-check"
_MAX_ROUNDS = 10_000_000
_MAX_KEYS = 100
_PBES2, _PBKDF2, _SHA256 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "1.2.840.113549.2.9"
_PKCS12_3DES = "1.2.840.113549.1.12.5.1.3"
_AES256, _3DES = "2.16.840.1.101.3.4.1.42", "1.2.840.113549.3.7"
_DES_BLOCK, _AES_BLOCK = 8, 16
# NSS takes the tag and length of the vector for the first two of its bytes.
_VECTOR_HEAD = b"\x04\x0e"


def read_logins(profile: Path) -> tuple[tuple[Login, ...], int]:
    """The logins of a profile, and how many are for no web address. Raises UnreadableError."""
    whole = read_json(profile / FILE)
    listed = whole.get("logins") if isinstance(whole, dict) else None
    if whole is None or listed == []:
        return (), 0
    if not isinstance(listed, list):
        raise UnreadableError(Unreadable.FORM)
    try:
        keys = _keys(profile / _KEYS)
        found = [_login(raw, keys) for raw in listed[:MAX_ROWS] if isinstance(raw, dict)]
    except (DerError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise UnreadableError(Unreadable.DAMAGED) from error
    logins = tuple(login for login in found if login is not None)
    return logins, len(found) - len(logins)


def _login(raw: Mapping[str, object], keys: Mapping[bytes, bytes]) -> Login | None:
    changed = raw.get("timePasswordChanged")
    return new_login(
        secrets.token_hex(8),
        str(raw["hostname"]),
        _open(str(raw["encryptedUsername"]), keys),
        _open(str(raw["encryptedPassword"]), keys),
        max(0, changed // 1000) if isinstance(changed, int) else 0,
    )


def _open(text: str, keys: Mapping[bytes, bytes]) -> str:
    """A field of a login: the key's name, the cipher with its vector, and what it made."""
    name, cipher, sealed = read_one(base64.b64decode(text, validate=True)).inside()
    kind, vector = cipher.inside()
    key = keys[name.take(OCTETS)]
    content = sealed.take(OCTETS)
    return _decrypted(kind.identifier(), key, vector.take(OCTETS), content).decode()


def _keys(path: Path) -> dict[bytes, bytes]:
    """The keys by their names, if no primary password protects them."""
    if not path.exists():
        raise UnreadableError(Unreadable.DAMAGED)
    with copied_database(path) as database:
        row = database.execute("SELECT item1, item2 FROM metaData WHERE id = 'password'").fetchone()
        sealed = database.execute(
            "SELECT a102, a11 FROM nssPrivate WHERE a11 IS NOT NULL LIMIT ?", (_MAX_KEYS,)
        ).fetchall()
    if row is None:
        raise UnreadableError(Unreadable.DAMAGED)
    salt, check = row
    try:
        is_open = _unsealed(read_one(check), salt) == _CHECK
    except (DerError, TypeError):
        raise
    except ValueError:
        is_open = False  # the padding is wrong: so is the key
    if not is_open:
        raise UnreadableError(Unreadable.PRIMARY)
    return {bytes(name): _unsealed(read_one(one), salt) for name, one in sealed}


def _unsealed(item: Item, salt: bytes) -> bytes:
    """What NSS encrypted under the (empty) primary password and the database's salt."""
    how, sealed = item.inside()
    kind, parameters = how.inside()
    secret = hashlib.sha1(salt, usedforsecurity=False).digest()
    content = sealed.take(OCTETS)
    way = kind.identifier()
    if way == _PBES2:
        derivation, cipher = parameters.inside()
        name, vector = cipher.inside()
        key = _pbkdf2(derivation, secret)
        return _decrypted(name.identifier(), key, vector.take(OCTETS), content)
    if way == _PKCS12_3DES:
        own_salt, _rounds = parameters.inside()
        made = _pkcs12(secret, own_salt.take(OCTETS))
        return _decrypted(_3DES, made[:24], made[-_DES_BLOCK:], content)
    raise DerError(f"an unknown way to encrypt: {way}")


def _pbkdf2(item: Item, secret: bytes) -> bytes:
    kind, parameters = item.inside()
    salt, rounds, length, hashing = parameters.inside()
    known = kind.identifier() == _PBKDF2 and hashing.inside()[0].identifier() == _SHA256
    if not known or not 0 < rounds.number() <= _MAX_ROUNDS or length.number() != 32:
        raise DerError("an unknown way to make a key")
    return PBKDF2HMAC(hashes.SHA256(), 32, salt.take(OCTETS), rounds.number()).derive(secret)


def _pkcs12(secret: bytes, salt: bytes) -> bytes:
    """40 bytes: a key of 24 and, at the end, a vector of 8."""
    inner = hashlib.sha1(secret + salt, usedforsecurity=False).digest()
    padded = salt.ljust(20, b"\0")
    first = hmac.digest(inner, padded + salt, "sha1")
    middle = hmac.digest(inner, padded, "sha1")
    return first + hmac.digest(inner, middle + salt, "sha1")


def _decrypted(kind: str, key: bytes, vector: bytes, content: bytes) -> bytes:
    """CBC, PKCS #7. Raises ValueError, for a wrong key too."""
    if kind == _AES256:
        if len(vector) == _AES_BLOCK - len(_VECTOR_HEAD):
            vector = _VECTOR_HEAD + vector
        cipher = Cipher(algorithms.AES256(key), modes.CBC(vector))
        unpadder = PKCS7(8 * _AES_BLOCK).unpadder()
    elif kind == _3DES:
        cipher = Cipher(TripleDES(key[:24]), modes.CBC(vector))
        unpadder = PKCS7(8 * _DES_BLOCK).unpadder()
    else:
        raise DerError(f"an unknown cipher: {kind}")
    decryptor = cipher.decryptor()
    padded = decryptor.update(content) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()
