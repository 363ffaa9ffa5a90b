"""WireGuard keys (Curve25519, RFC 7748) and preshared keys: 32 bytes, written as base64.

A secret key never shows itself: `repr`, `str` and formatting give a placeholder, so that it cannot
get into a log or a traceback. `text` and `hex` are for those who mean it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

KEY_BYTES = 32
KEY_CHARACTERS = 44


class BadKeyError(ValueError):
    """What was given is no key; the message is for people and does not hold the key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key by which a peer is known."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """From base64. Raises BadKeyError."""
        return cls(_decode(text))

    @property
    def text(self) -> str:
        """As base64."""
        return base64.b64encode(self.raw).decode("ascii")


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A private or a preshared key."""

    raw: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> SecretKey:
        """From base64. Raises BadKeyError."""
        return cls(_decode(text))

    @property
    def text(self) -> str:
        """As base64: for a configuration that the user asked for, and for safe keeping."""
        return base64.b64encode(self.raw).decode("ascii")

    def __str__(self) -> str:
        return "(secret key)"

    def public(self) -> PublicKey:
        """The public key that belongs to this private one."""
        # Loaded here: whoever only reads configurations does not wait for it.
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return PublicKey(
            X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()
        )


def new_private_key() -> SecretKey:
    """A fresh private key from the system's source of chance."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    raw = bytearray(X25519PrivateKey.generate().private_bytes_raw())
    # RFC 7748, section 5: as `wg genkey` does, so that the text is the same as the scalar used.
    raw[0] &= 248
    raw[31] = (raw[31] & 127) | 64
    return SecretKey(bytes(raw))


def _decode(text: str) -> bytes:
    if len(text) != KEY_CHARACTERS:
        raise BadKeyError(f"a key has {KEY_CHARACTERS} characters, this has {len(text)}")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadKeyError("a key is written in base64") from error
    if len(raw) != KEY_BYTES or base64.b64encode(raw).decode("ascii") != text:
        raise BadKeyError("a key is 32 bytes in base64")
    return raw
