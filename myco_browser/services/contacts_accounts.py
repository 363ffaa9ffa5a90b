"""The servers of contacts that the user has, in one file of the profile; secrets lie elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.mail import COLOURS
from myco_browser.services.account_file import AccountFile, free_colour


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


class ContactsAccounts(AccountFile[ContactsAccount]):
    """The accounts of a profile."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _account, ContactsAccount._asdict)

    def next_colour(self) -> str:
        """A colour that no account has, as long as there is one."""
        return free_colour([one.colour for one in self.all])


def _account(row: dict[str, object]) -> ContactsAccount:
    account = ContactsAccount(*(str(row[key]) for key in ContactsAccount._fields))
    if not account.account_id.isalnum() or account.address.userinfo:
        raise ValueError("no account")
    return account if account.colour in COLOURS else account._replace(colour=COLOURS[0])
