"""The user's accounts of one kind, in one file of the profile; secrets are kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from myco_browser.domain.mail import COLOURS
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically

_MAX_FILE = 1 << 20
_MOST = 50


class _Identified(Protocol):
    @property
    def account_id(self) -> str: ...


A = TypeVar("A", bound=_Identified)


class AccountFile(Generic[A]):
    """The accounts in the order in which they came.

    `read` makes an account of a row, and raises ValueError, KeyError or TypeError when it is none;
    `write` makes a row of an account.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[dict[str, object]], A],
        write: Callable[[A], dict[str, object]],
    ) -> None:
        self._path = path
        self._write = write
        self._unread: OSError | None = None
        self.all: tuple[A, ...] = ()
        self.broken = False
        """Whether the file was there and could not be understood, or not be read."""
        remove_leftovers(path)
        try:
            raw = path.read_bytes()[:_MAX_FILE]
        except FileNotFoundError:
            return
        except OSError as error:
            # What is in it must not be replaced by less.
            self._unread, self.broken = error, True
            return
        try:
            self.all = tuple(read(row) for row in json.loads(raw)["accounts"][:_MOST])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Kept for whoever can mend it; the user adds the account anew.
            self.broken = True
            set_aside(path)

    def find(self, account_id: str) -> A | None:
        """The account of that identity."""
        return next((one for one in self.all if one.account_id == account_id), None)

    def put(self, account: A) -> None:
        """Adds an account, or replaces the one of the same identity. Raises OSError."""
        same = account.account_id
        if self.find(same) is None:
            self._save((*self.all, account))
        else:
            self._save([account if one.account_id == same else one for one in self.all])

    def remove(self, account_id: str) -> None:
        """Forgets an account. Raises OSError."""
        self._save([one for one in self.all if one.account_id != account_id])

    def _save(self, accounts: Sequence[A]) -> None:
        if self._unread is not None:
            raise self._unread
        rows = [self._write(one) for one in accounts]
        body = json.dumps({"version": 1, "accounts": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))
        self.all = tuple(accounts)


def free_colour(taken: Sequence[str]) -> str:
    """A colour that is not among those of the accounts, as long as there is one."""
    return next((c for c in COLOURS if c not in taken), COLOURS[len(taken) % len(COLOURS)])
