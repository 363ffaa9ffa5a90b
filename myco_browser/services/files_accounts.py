"""The servers of files that the user has, in one file of the profile; passwords lie elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically

_MAX_FILE = 1 << 20
_MOST = 20


class FilesAccount(NamedTuple):
    """One server of files. `root` is the address of the outermost folder that the user sees."""

    account_id: str
    title: str
    root: str
    user: str

    @property
    def address(self) -> WebAddress:
        """The root, taken apart. Raises ValueError when it is none (it was checked when kept)."""
        found = parse_web_address(self.root)
        if found is None:
            raise ValueError("no address of files")
        return found


class FilesAccounts:
    """The accounts of a profile, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: tuple[FilesAccount, ...] = ()
        remove_leftovers(path)
        try:
            rows = json.loads(path.read_bytes()[:_MAX_FILE])["accounts"]
            self.all = tuple(_account(row) for row in rows[:_MOST])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Kept for whoever can mend it; the user adds the account anew.
            set_aside(path)

    def find(self, account_id: str) -> FilesAccount | None:
        """The account of that identity."""
        return next((one for one in self.all if one.account_id == account_id), None)

    def put(self, account: FilesAccount) -> None:
        """Adds an account. Raises OSError."""
        self._save((*self.all, account))

    def remove(self, account_id: str) -> None:
        """Forgets an account. Raises OSError."""
        self._save([one for one in self.all if one.account_id != account_id])

    def _save(self, accounts: Sequence[FilesAccount]) -> None:
        rows = [one._asdict() for one in accounts]
        body = json.dumps({"version": 1, "accounts": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))
        self.all = tuple(accounts)


def _account(row: dict[str, object]) -> FilesAccount:
    account = FilesAccount(*(str(row[key]) for key in FilesAccount._fields))
    if not account.account_id.isalnum() or account.address.userinfo:
        raise ValueError("no account")
    return account
