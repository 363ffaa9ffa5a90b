"""The user's mail accounts, in one file of the profile; passwords are kept elsewhere."""

from __future__ import annotations

import secrets
from pathlib import Path

from myco_browser.domain.mail import COLOURS, Account, Security, Server
from myco_browser.services.account_file import AccountFile, free_colour


class MailAccounts(AccountFile[Account]):
    """The accounts of a profile."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _account, _row)

    def next_colour(self) -> str:
        """A colour that no account has, as long as there is one."""
        return free_colour([one.colour for one in self.all])


def new_identity() -> str:
    """A name for an account that tells nothing about it."""
    return secrets.token_hex(6)


def _row(account: Account) -> dict[str, object]:
    return {
        "id": account.account_id, "address": account.address, "login": account.login,
        "name": account.name, "colour": account.colour, "notify": account.notify,
        "signature": account.signature, "told": list(account.told_folders),
        "largest": account.largest,
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
        largest=_size(row.get("largest")),
    )  # fmt: skip


def _folders(found: object) -> tuple[str, ...]:
    return tuple(map(str, found[:500])) if isinstance(found, list) else ("INBOX",)


def _size(found: object) -> int:
    return found if isinstance(found, int) and found > 0 else 0


def _server(row: object) -> Server:
    if not isinstance(row, dict):
        raise TypeError("no server")
    return Server(str(row["host"]), int(row["port"]), Security(row["security"]))
