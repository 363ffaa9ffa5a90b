"""The user's mail accounts, in one file of the profile; passwords are kept elsewhere."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from myco_browser.domain.mail import COLOURS, Account, Security, Server
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically

_MAX_FILE = 1 << 20
_MOST = 50


class MailAccounts:
    """The accounts of a profile, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: tuple[Account, ...] = ()
        self.broken = False
        """Whether the file could not be read; it was set aside then."""
        self._load()

    def find(self, account_id: str) -> Account | None:
        """The account of that identity."""
        return next((one for one in self.all if one.account_id == account_id), None)

    def next_colour(self) -> str:
        """A colour that no account has, as long as there is one."""
        taken = {one.colour for one in self.all}
        return next((c for c in COLOURS if c not in taken), COLOURS[len(self.all) % len(COLOURS)])

    def put(self, account: Account) -> None:
        """Adds an account, or replaces the one of the same identity. Raises OSError."""
        if self.find(account.account_id) is None:
            self._save((*self.all, account))
        else:
            same = account.account_id
            self._save([account if one.account_id == same else one for one in self.all])

    def remove(self, account_id: str) -> None:
        """Forgets an account. Raises OSError."""
        self._save([one for one in self.all if one.account_id != account_id])

    def _load(self) -> None:
        remove_leftovers(self._path)
        try:
            raw = self._path.read_bytes()[:_MAX_FILE]
        except FileNotFoundError:
            return
        except OSError:
            self.broken = True
            return
        try:
            rows = json.loads(raw)["accounts"]
            self.all = tuple(_account(row) for row in rows[:_MOST])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.broken = True
            set_aside(self._path)

    def _save(self, accounts: Sequence[Account]) -> None:
        rows = [_row(one) for one in accounts]
        body = json.dumps({"version": 1, "accounts": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))
        self.all = tuple(accounts)


def new_identity() -> str:
    """A name for an account that tells nothing about it."""
    return secrets.token_hex(6)


def _row(account: Account) -> dict[str, object]:
    return {
        "id": account.account_id, "address": account.address, "login": account.login,
        "name": account.name, "colour": account.colour, "notify": account.notify,
        "signature": account.signature, "told": list(account.told_folders),
        "imap": _server_row(account.imap), "smtp": _server_row(account.smtp),
    }  # fmt: skip


def _server_row(server: Server) -> dict[str, object]:
    return {"host": server.host, "port": server.port, "security": server.security.value}


def _account(row: dict[str, object]) -> Account:
    colour = str(row.get("colour"))
    identity = str(row["id"])
    if not identity.isalnum():
        raise ValueError("an identity is part of the name of a file")
    return Account(
        identity, str(row["address"]), str(row["login"]), _server(row["imap"]),
        _server(row["smtp"]), str(row.get("name", "")),
        colour if colour in COLOURS else COLOURS[0], row.get("notify") is not False,
        str(row.get("signature", "")), _folders(row.get("told")),
    )  # fmt: skip


def _folders(found: object) -> tuple[str, ...]:
    return tuple(map(str, found[:500])) if isinstance(found, list) else ("INBOX",)


def _server(row: object) -> Server:
    if not isinstance(row, dict):
        raise TypeError("no server")
    return Server(str(row["host"]), int(row["port"]), Security(row["security"]))
