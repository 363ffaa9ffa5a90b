"""The servers of files that the user has, in one file of the profile; passwords lie elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.services.account_file import AccountFile


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


class FilesAccounts(AccountFile[FilesAccount]):
    """The accounts of a profile."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _account, FilesAccount._asdict)


def _account(row: dict[str, object]) -> FilesAccount:
    account = FilesAccount(*(str(row[key]) for key in FilesAccount._fields))
    if not account.account_id.isalnum() or account.address.userinfo:
        raise ValueError("no account")
    return account
