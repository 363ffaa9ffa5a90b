"""The servers of contacts that the user has, in one file of the profile; secrets lie elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.mail import COLOURS
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically

_MAX_FILE = 1 << 20
_MOST = 20


class ContactsAccount(NamedTuple):
    """One server of contacts; `home` is where the user's books lie."""

    account_id: str
    title: str
    home: str
    user: str
    colour: str
    secret: str
    """Under which identity the password is kept: its own, or that of a mail account."""

    @property
    def address(self) -> WebAddress:
        """The home, taken apart. Raises ValueError when it is none (it was checked when kept)."""
        found = parse_web_address(self.home)
        if found is None:
            raise ValueError("no address of contacts")
        return found


class ContactsAccounts:
    """The accounts of a profile, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: tuple[ContactsAccount, ...] = ()
        remove_leftovers(path)
        try:
            rows = json.loads(path.read_bytes()[:_MAX_FILE])["accounts"]
            self.all = tuple(_account(row) for row in rows[:_MOST])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Kept for whoever can mend it; the user adds the account anew.
            set_aside(path)

    def find(self, account_id: str) -> ContactsAccount | None:
        """The account of that identity."""
        return next((one for one in self.all if one.account_id == account_id), None)

    def next_colour(self) -> str:
        """A colour that no account has, as long as there is one."""
        taken = {one.colour for one in self.all}
        return next((c for c in COLOURS if c not in taken), COLOURS[len(self.all) % len(COLOURS)])

    def put(self, account: ContactsAccount) -> None:
        """Adds an account, or replaces the one of the same identity. Raises OSError."""
        if self.find(account.account_id) is None:
            self._save((*self.all, account))
            return
        same = account.account_id
        self._save([account if one.account_id == same else one for one in self.all])

    def remove(self, account_id: str) -> None:
        """Forgets an account. Raises OSError."""
        self._save([one for one in self.all if one.account_id != account_id])

    def _save(self, accounts: Sequence[ContactsAccount]) -> None:
        rows = [one._asdict() for one in accounts]
        body = json.dumps({"version": 1, "accounts": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))
        self.all = tuple(accounts)


def _account(row: dict[str, object]) -> ContactsAccount:
    account = ContactsAccount(*(str(row[key]) for key in ContactsAccount._fields))
    if not account.account_id.isalnum() or account.address.userinfo:
        raise ValueError("no account")
    return account if account.colour in COLOURS else account._replace(colour=COLOURS[0])
