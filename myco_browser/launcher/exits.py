"""The book of exits, as sessions may see and change it: names and endpoints, never a key unasked.

In threads, one at a time, since the book may wait for the desktop's secret service.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from myco_vpn.framing import JsonObject
from myco_vpn.tunnel.endpoints import UnavailableError
from myco_vpn.tunnel.states import Cause
from myco_vpn.wireguard.config import Config

if TYPE_CHECKING:
    from myco_vpn.book.exits import Book
    from myco_vpn.wireguard.keys import SecretKey

_log = logging.getLogger(__name__)

_MAX_ITEMS = 2000
_OWN_KEY = "own-key"
"""Where a key pair is kept whose gateway has not answered with a configuration yet."""
_Answer = TypeVar("_Answer")


class ExitBook:
    """The user's exits."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._book_: Book | None = None
        self._turn = asyncio.Lock()
        self.exits: list[JsonObject] = []
        self.keeper: JsonObject = {}

    async def do(self, work: Callable[[], _Answer]) -> _Answer:
        """One of the methods below, when its turn has come."""
        async with self._turn:
            return await asyncio.to_thread(work)

    async def refresh(self) -> None:
        """Read `exits` and `keeper` anew."""
        self.exits, self.keeper = await self.do(self._look)

    def load(self, exit_id: str) -> Config:
        """A whole configuration, to be used now. Raises UnavailableError."""
        from myco_vpn.book.exits import BookError, NoSuchExitError
        from myco_vpn.book.keepers import KeeperError, LockedError

        try:
            config = self._book().with_keys(exit_id)
            with contextlib.suppress(BookError):
                self._book().note_use(exit_id, time.time())
        except NoSuchExitError as error:
            raise UnavailableError(Cause.NO_EXIT, str(error)) from error
        except LockedError as error:
            raise UnavailableError(Cause.LOCKED, str(error)) from error
        except (BookError, KeeperError) as error:
            raise UnavailableError(Cause.BAD_CONFIGURATION, str(error)) from error
        return config

    def keep(self, items: list[object]) -> JsonObject:
        """Take configurations, all or none: {kept, known, problems, locked}."""
        from myco_vpn.book.exits import BookError
        from myco_vpn.book.keepers import KeeperError, LockedError
        from myco_vpn.wireguard.parse import Rejected, parse

        wanted: list[tuple[str, Config]] = []
        for item in items[:_MAX_ITEMS]:
            # A session reads files; what it sends is read again here, for it may be anything.
            name, text = (
                (str(item.get("name", "")), str(item.get("text", "")))
                if isinstance(item, dict)
                else ("", "")
            )
            parsed = parse(text, name or "configuration", needs_secrets=False)
            if isinstance(parsed, Rejected):
                return {"problems": [str(problem) for problem in parsed.problems]}
            wanted.append((name, parsed.config))
        kept: list[str] = []
        known: list[str] = []
        try:
            own = self._own_key() if any(c.private_key is None for _, c in wanted) else None
            if own is None and any(c.private_key is None for _, c in wanted):
                return {"no_key": True}
            for name, found in wanted:
                config = found if found.private_key else replace(found, private_key=own)
                same = self._book().has(config)
                if same is None:
                    kept.append(self._book().add(name, config).name)
                else:
                    known.append(same.name)
            if own is not None:
                self._book().keeper.delete(_OWN_KEY)
        except LockedError:
            return {"locked": True, "kept": kept}
        except (BookError, KeeperError) as error:
            return {"problems": [str(error)], "kept": kept}
        return {"kept": kept, "known": known}

    def remove(self, exit_id: str) -> str:
        """Forget an exit and its key; what went wrong, or ""."""
        from myco_vpn.book.exits import BookError
        from myco_vpn.book.keepers import KeeperError

        try:
            self._book().remove(exit_id)
        except (BookError, KeeperError) as error:
            return str(error)
        return ""

    def make_key(self) -> JsonObject:
        """A key pair for a gateway to come; what is told is its public half: {public_key}."""
        from myco_vpn.book.keepers import KeeperError, LockedError
        from myco_vpn.wireguard.config import Secrets
        from myco_vpn.wireguard.keys import new_private_key

        try:
            own = self._own_key()
            if own is None:
                own = new_private_key()
                self._book().keeper.put(_OWN_KEY, Secrets(own, {}))
        except LockedError:
            return {"locked": True}
        except KeeperError as error:
            return {"problems": [str(error)]}
        return {"public_key": own.public().text}

    def export(self, exit_id: str, path: str) -> str:
        """Write an exit with its key to a new file of the user's; what went wrong, or ""."""
        from myco_vpn.book.exits import BookError
        from myco_vpn.book.keepers import KeeperError
        from myco_vpn.wireguard.config import write

        try:
            text = write(self._book().with_keys(exit_id))
            # Never over something that is there already, nor through a link.
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
        except (BookError, KeeperError, OSError) as error:
            return str(error)
        return ""

    def favour(self, exit_id: str, on: bool) -> None:
        """Make an exit a favourite, or no longer."""
        from myco_vpn.book.exits import BookError

        with contextlib.suppress(BookError):
            self._book().change(replace(self._book().find(exit_id), favourite=on))

    def unlock(self, passphrase: str) -> str:
        """Open the file with the keys; what went wrong, or ""."""
        from myco_vpn.book.keepers import FileKeeper, KeeperError

        keeper = self._book().keeper
        try:
            if isinstance(keeper, FileKeeper):
                keeper.unlock(passphrase)
        except KeeperError as error:
            return str(error)
        return ""

    def _own_key(self) -> SecretKey | None:
        from myco_vpn.book.keepers import MissingError

        try:
            return self._book().keeper.get(_OWN_KEY).private_key
        except MissingError:
            return None

    def _book(self) -> Book:
        if self._book_ is None:
            # Only who uses tunnels pays for these.
            from myco_vpn.book.places import open_book

            self._book_ = open_book(Path(self._folder))
        return self._book_

    def _look(self) -> tuple[list[JsonObject], JsonObject]:
        from myco_vpn.book.exits import BookError
        from myco_vpn.book.keepers import FileKeeper

        book = self._book()
        keeper = book.keeper
        facts: JsonObject = {"sealed_file": False, "new": False, "locked": False}
        if isinstance(keeper, FileKeeper):
            facts = {"sealed_file": True, "new": keeper.is_new, "locked": keeper.is_locked}
        try:
            saved = book.all()
        except BookError as error:
            _log.error("%s", error)
            return [], {**facts, "problem": str(error)}
        exits: list[JsonObject] = [
            {
                "id": one.exit_id,
                "name": one.name,
                "colour": one.colour,
                "favourite": one.favourite,
                "last_used": one.last_used,
                "endpoint": next((str(p.endpoint) for p in one.config.peers if p.endpoint), ""),
                "dns": [str(server) for server in one.config.dns],
                "partial": one.config.carries_everything != (True, True),
            }
            for one in saved
        ]
        return exits, facts
