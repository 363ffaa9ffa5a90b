"""Where private keys are kept: the desktop's secret service, or a file sealed by a passphrase.

How, and what can go wrong, says `myco_secrets`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from myco_secrets import texts
from myco_secrets.errors import KeeperError, LockedError, MissingError
from myco_secrets.texts import KeyringTexts, SealedTexts
from myco_vpn.files import replace_file
from myco_vpn.wireguard.config import Secrets
from myco_vpn.wireguard.keys import BadKeyError, PublicKey, SecretKey

__all__ = ["FileKeeper", "Keeper", "KeeperError", "KeyringKeeper", "LockedError", "MissingError"]

_SERVICE = "myco-vpn"
_ABOUT = b"myco-vpn secrets 1"


class Keeper(Protocol):
    """Keeps the secrets of exits. Every method may block and raises KeeperError."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    def put(self, exit_id: str, kept: Secrets) -> None:
        """Keep secrets."""

    def get(self, exit_id: str) -> Secrets:
        """Give them back."""

    def delete(self, exit_id: str) -> None:
        """Forget them; nothing happens when there are none."""


class KeyringKeeper(KeyringTexts):
    """The desktop's secret service, by way of `keyring`."""

    def __init__(self) -> None:
        super().__init__(_SERVICE)

    def put(self, exit_id: str, kept: Secrets) -> None:
        """Keep secrets."""
        self.put_text(exit_id, _to_text(kept))

    def get(self, exit_id: str) -> Secrets:
        """Give them back."""
        return _from_text(self.get_text(exit_id))


class FileKeeper(SealedTexts):
    """A file that is sealed as a whole, with a key from a passphrase (Argon2id, AES-256-GCM)."""

    def __init__(self, path: Path, passphrase: str | None = None) -> None:
        super().__init__(path, passphrase, _ABOUT, replace_file)

    def put(self, exit_id: str, kept: Secrets) -> None:
        """Keep secrets."""
        self.put_text(exit_id, _to_text(kept))

    def get(self, exit_id: str) -> Secrets:
        """Give them back."""
        return _from_text(self.get_text(exit_id))


def keyring_works() -> bool:
    """Whether a secret service is there that gives back what it was given."""
    return texts.keyring_works(_SERVICE)


def _to_text(kept: Secrets) -> str:
    shared = {peer.text: key.text for peer, key in kept.preshared.items()}
    return json.dumps({"private_key": kept.private_key.text, "preshared": shared})


def _from_text(text: str) -> Secrets:
    try:
        body = json.loads(text)
        shared = {
            PublicKey.parse(peer): SecretKey.parse(key) for peer, key in body["preshared"].items()
        }
        return Secrets(SecretKey.parse(body["private_key"]), shared)
    except (ValueError, KeyError, TypeError, AttributeError, BadKeyError) as error:
        raise KeeperError("the kept key cannot be read") from error
