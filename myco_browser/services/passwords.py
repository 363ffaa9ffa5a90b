"""The passwords of a session: the store and the sites never asked for, beside the Qt thread.

Light to import, for every session has one; the store itself is loaded when it is first wanted, and
the keyring is asked for nothing before that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from myco_browser.domain.logins import Login, Logins
    from myco_browser.services.never_saved import NeverSaved
    from myco_browser.services.password_store import Opening, PasswordStore

T = TypeVar("T")


class Beside(Protocol):
    """Work that takes too long for the Qt thread."""

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None: ...


class Kept(NamedTuple):
    """What there is, or what is wanted before it can be seen; `problem` is a sentence or ""."""

    opening: Opening
    logins: Logins = ()
    problem: str = ""

    def __repr__(self) -> str:
        """Without the logins: they must not get into a log."""
        return f"Kept({self.opening}, {self.problem!r})"


Done = Callable[[Kept], None]


class Passwords:
    """The passwords of one session; with `writable` False it only reads them.

    `done` is called in the Qt thread. Passwords are not kept here: each look reads them anew from
    the store, which reads the file again only when it has changed.
    """

    def __init__(self, profile: Path, beside: Beside, *, writable: bool) -> None:
        self._profile = profile
        self._beside = beside
        self.writable = writable
        self._observers: list[Callable[[], None]] = []

    @cached_property
    def never(self) -> NeverSaved:
        """The sites where nothing is to be saved."""
        from myco_browser.services.never_saved import NeverSaved

        return NeverSaved(self._profile)

    def look(self, done: Done) -> None:
        """Opens the store if that needs nobody's help, and tells what is there."""
        self._do(lambda store: None, done)

    def open_with(self, passphrase: str, done: Done) -> None:
        """Opens the store with the user's passphrase."""
        self._do(lambda store: store.open_with(passphrase), done, opens=True)

    def change(self, work: Callable[[Logins], Iterable[Login]], done: Done) -> None:
        """Replaces what is kept by what `work` makes of it; all of it or nothing."""

        def told(kept: Kept) -> None:
            done(kept)
            for observer in tuple(self._observers):
                observer()

        self._do(lambda store: store.change(work), told)

    def start_anew(self, done: Done) -> None:
        """Puts a store aside that cannot be opened any more."""
        self._do(lambda store: store.start_anew(), done, opens=True)

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Calls `observer` after each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return stop

    @cached_property
    def _store(self) -> PasswordStore:
        import os

        from myco_browser.services.password_store import FILE, PasswordStore

        return PasswordStore(self._profile / FILE, writable=self.writable, random=os.urandom)

    def _do(
        self, work: Callable[[PasswordStore], object], done: Done, *, opens: bool = False
    ) -> None:
        store = self._store
        self._beside.compute(lambda: _run(store, work, opens=opens), done)


def _run(store: PasswordStore, work: Callable[[PasswordStore], object], *, opens: bool) -> Kept:
    """Opens the store unless `work` does, does the work, and looks at what is there then."""
    from myco_browser.services.password_store import Opening, StoreError, StoreLockedError

    opening = Opening.NOTHING
    try:
        if opens:
            work(store)
        opening = store.open()
        if opening is Opening.NOTHING:
            if not opens:
                work(store)
            return Kept(opening, store.logins())
    except StoreLockedError:
        return Kept(Opening.PASSPHRASE)
    except StoreError as error:
        return Kept(opening, (), str(error))
    return Kept(opening)
