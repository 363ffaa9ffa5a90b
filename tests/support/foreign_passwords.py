"""Passwords as other browsers keep them: made by our own hand, and by NSS itself."""

from __future__ import annotations

import base64
import ctypes
import ctypes.util
import hashlib
import json
import sqlite3
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

_MICRO, _EPOCH = 1_000_000, 11_644_473_600
_PASSWORD_CHECK = b"password-check"


def chromium_logins(
    profile: Path, rows: list[tuple[str, str, str]], word: str = "peanuts", mark: bytes = b"v10"
) -> None:
    """`Login Data` with (address, name, password), sealed under a word."""
    profile.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(profile / "Login Data")
    database.execute(
        "CREATE TABLE logins (origin_url VARCHAR NOT NULL, action_url VARCHAR,"
        " username_value VARCHAR, password_value BLOB, signon_realm VARCHAR NOT NULL,"
        " date_created INTEGER NOT NULL, blacklisted_by_user INTEGER NOT NULL,"
        " date_password_modified INTEGER NOT NULL DEFAULT 0)"
    )
    key = PBKDF2HMAC(hashes.SHA1(), 16, b"saltysalt", 1).derive(word.encode())
    at = (1_700_000_000 + _EPOCH) * _MICRO
    for url, username, password in rows:
        sealed = mark + _encrypted(key, b" " * 16, password.encode())
        values = (url, url, username, sealed, url, at, 0, 0)
        database.execute("INSERT INTO logins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    never = ("https://never.example/", "", "", b"", "https://never.example/", at, 1, 0)
    database.execute("INSERT INTO logins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", never)
    database.commit()
    database.close()


def firefox_logins(profile: Path, primary: str = "", mark: str = "") -> None:
    """`logins.json` and `key4.db` with one login, as a new Firefox seals them.

    `mark` is put behind the password, so that two profiles can differ.
    """
    salt, key, name = b"S" * 20, b"K" * 32, b"N" * 16
    database = sqlite3.connect(profile / "key4.db")
    database.execute("CREATE TABLE metaData (id PRIMARY KEY UNIQUE ON CONFLICT REPLACE, item1,"
                     " item2)")  # fmt: skip
    database.execute("CREATE TABLE nssPrivate (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a11,"
                     " a102)")  # fmt: skip
    check = _pbes2(salt, primary, _PASSWORD_CHECK)
    database.execute("INSERT INTO metaData VALUES ('password', ?, ?)", (salt, check))
    sealed = _pbes2(salt, primary, key)
    database.execute("INSERT INTO nssPrivate VALUES (1, NULL, ?, ?)", (sealed, name))
    database.commit()
    database.close()

    def field(text: str) -> str:
        return base64.b64encode(_sdr(name, key, text.encode())).decode()

    _write_logins(profile, field("ada"), field(f"hunter2{mark}"))


def nss_logins(profile: Path) -> bool:
    """The same, sealed by NSS itself, under no primary password; False where NSS is missing."""
    found = ctypes.util.find_library("nss3")
    if found is None:
        return False
    nss = ctypes.CDLL(found)
    nss.PK11_GetInternalKeySlot.restype = ctypes.c_void_p
    for call in ("PK11_InitPin", "PK11_FreeSlot", "PK11_NeedUserInit"):
        getattr(nss, call).argtypes = (
            (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)
            if call == "PK11_InitPin"
            else (ctypes.c_void_p,)
        )
    if nss.NSS_InitReadWrite(f"sql:{profile}".encode()) != 0:
        return False
    slot = nss.PK11_GetInternalKeySlot()
    try:
        if nss.PK11_NeedUserInit(slot) and nss.PK11_InitPin(slot, None, b"") != 0:
            return False
        fields = [_nss_sealed(nss, text) for text in (b"ada", b"hunter2")]
    finally:
        nss.PK11_FreeSlot(slot)
        nss.NSS_Shutdown()
    _write_logins(profile, *fields)
    return True


class _Item(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int), ("at", ctypes.c_void_p), ("length", ctypes.c_uint))


def _nss_sealed(nss: ctypes.CDLL, text: bytes) -> str:
    buffer = ctypes.create_string_buffer(text, len(text))
    name, plain, made = _Item(0, None, 0), _Item(0, ctypes.addressof(buffer), len(text)), _Item()
    status = nss.PK11SDR_Encrypt(ctypes.byref(name), ctypes.byref(plain), ctypes.byref(made), None)
    assert status == 0
    return base64.b64encode(ctypes.string_at(made.at, made.length)).decode()


def _write_logins(profile: Path, username: str, password: str) -> None:
    row = {
        "id": 1, "hostname": "https://fox.example", "httpRealm": None,
        "formSubmitURL": "https://fox.example", "usernameField": "u", "passwordField": "p",
        "encryptedUsername": username, "encryptedPassword": password,
        "guid": "{x}", "encType": 1, "timeCreated": 1_700_000_000_000,
        "timePasswordChanged": 1_700_000_000_000, "timesUsed": 1,
    }  # fmt: skip
    app = {**row, "hostname": "chrome://FirefoxAccounts"}
    whole = {"nextId": 3, "logins": [row, app], "version": 3}
    (profile / "logins.json").write_text(json.dumps(whole))


def _pbes2(salt: bytes, primary: str, plain: bytes) -> bytes:
    own, vector = b"s" * 32, b"v" * 14
    secret = hashlib.sha1(salt + primary.encode(), usedforsecurity=False).digest()
    key = PBKDF2HMAC(hashes.SHA256(), 32, own, 1000).derive(secret)
    content = _encrypted(key, b"\x04\x0e" + vector, plain)
    hashing = _der(0x30, _oid("2a864886f70d0209"))
    parameters = _der(0x30, _octets(own), _der(2, b"\x03\xe8"), _der(2, b"\x20"), hashing)
    derivation = _der(0x30, _oid("2a864886f70d01050c"), parameters)
    cipher = _der(0x30, _oid("60864801650304012a"), _octets(vector))
    way = _der(0x30, _oid("2a864886f70d01050d"), _der(0x30, derivation, cipher))
    return _der(0x30, way, _octets(content))


def _sdr(name: bytes, key: bytes, plain: bytes) -> bytes:
    vector = b"w" * 16
    cipher = _der(0x30, _oid("60864801650304012a"), _octets(vector))
    return _der(0x30, _octets(name), cipher, _octets(_encrypted(key, vector, plain)))


def _encrypted(key: bytes, vector: bytes, plain: bytes) -> bytes:
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + length + content


def _octets(content: bytes) -> bytes:
    return _der(4, content)


def _oid(content: str) -> bytes:
    return _der(6, bytes.fromhex(content))
