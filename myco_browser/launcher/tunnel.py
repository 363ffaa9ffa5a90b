"""The tunnel of all sessions: the user's wish, the machine that follows it, the book of exits.

It lives in the launcher because it outlives sessions, and because keys are no business of a process
that shows pages. A session sees the state and the names of exits, and may ask for what its user
wants; it never gets a key.

Session to launcher: tunnel {do: "on" [exit] | "off" | "toggle" | "block" | "measure" | "look" |
"list" | "import" items [{name, text}] | "remove" exit | "favourite" exit on | "unlock" passphrase}
Launcher to session: tunnel {state …, exits, last, keeper}; after import, remove and unlock also
tunnel-said {kept, known, problems}.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from myco_browser.launcher.spawning import LauncherSettings, spawn
from myco_browser.launcher.way_out import WISH_FILE, Send, Tell
from myco_vpn.framing import JsonObject, Message
from myco_vpn.tunnel.backend import UnavailableError
from myco_vpn.tunnel.controller import Controller, FileWishes
from myco_vpn.tunnel.states import BlockAll, Cause, Off, Protected, TurnOff, TurnOn
from myco_vpn.tunnel.wayout import DoorWayOut
from myco_vpn.wireguard.config import Config

if TYPE_CHECKING:
    from myco_vpn.book.exits import Book

_log = logging.getLogger(__name__)

_MAX_ITEMS = 2000


class TunnelService:
    """Answers sessions, and switches the door."""

    def __init__(self, settings: LauncherSettings, send: Send, tell_all: Tell) -> None:
        self._settings = settings
        self._tell_all = tell_all
        self._book_: Book | None = None
        self._exits: list[JsonObject] = []
        self._keeper: JsonObject = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        wishes = FileWishes(Path(settings.profile) / WISH_FILE)
        self._controller = Controller(
            DoorWayOut(send), wishes, self._load, self._spawn, self._on_change,
            on_traffic=lambda: None, log_level=settings.log_level,
        )  # fmt: skip

    def door_started(self) -> None:
        """A door stands and waits to be told which way leads out."""
        self._controller.door_started()
        self._controller.prepare()

    def close(self) -> None:
        """End the tunnel. Who is asked for it later goes on wanting it."""
        self._controller.close()

    def secure(self) -> None:
        """Everything through the exit that was used last, if there was one."""
        if isinstance(self._controller.state, Off) and self._controller.last_exit():
            self._turn_on(None)

    def news(self) -> JsonObject:
        """What a session is told."""
        return {
            "type": "tunnel",
            **self._controller.describe(),
            "exits": self._exits,
            "last": self._controller.last_exit(),
            "keeper": self._keeper,
        }

    def request(self, message: Message, reply: Tell) -> None:
        """Do what a session's user wants."""
        chosen = message.text("exit") or None
        match message.text("do"):
            case "on":
                self._turn_on(chosen)
            case "off":
                self._controller.dispatch(TurnOff())
            case "toggle":
                if isinstance(self._controller.state, Off):
                    self._turn_on(chosen)
                else:
                    self._controller.dispatch(TurnOff())
            case "block":
                self._controller.dispatch(BlockAll())
            case "measure":
                self._controller.measure()
            case "look":
                reply(self.news())
            case _:
                self._start(self._about_book(message, reply))

    async def _about_book(self, message: Message, reply: Tell) -> None:
        chosen = message.text("exit")
        match message.text("do"):
            case "list":
                await self._list()
            case "import":
                await self._import(message.body.get("items"), reply)
            case "remove":
                await self._remove(chosen, reply)
            case "favourite":
                await self._favour(chosen, message.flag("on"))
            case "unlock":
                await self._unlock(message.text("passphrase"), reply)
            case unknown:
                _log.warning("unknown request %r", unknown)

    def _turn_on(self, chosen: str | None) -> None:
        self._controller.dispatch(TurnOn(chosen or self._controller.last_exit()))

    def _on_change(self) -> None:
        self._tell_all(self.news())
        state = self._controller.state
        if isinstance(state, Protected) and not self._exits:
            self._start(self._list())

    def _spawn(self, command: Sequence[str], fds: Sequence[int]) -> int:
        return spawn(command, self._settings.environ, fds)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # In threads, one at a time, since the book may wait for the desktop's secret service.

    def _book(self) -> Book:
        if self._book_ is None:
            # Only who uses tunnels pays for these.
            from myco_vpn.book.places import open_book

            self._book_ = open_book(Path(self._settings.exits))
        return self._book_

    def _load(self, exit_id: str) -> Config:
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

    async def _list(self) -> None:
        async with self._turn:
            self._exits, self._keeper = await asyncio.to_thread(self._look)
        self._tell_all(self.news())

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
                "endpoint": next((str(p.endpoint) for p in one.config.peers if p.endpoint), ""),
                "dns": [str(server) for server in one.config.dns],
                "partial": one.config.carries_everything != (True, True),
            }
            for one in saved
        ]
        return exits, facts

    async def _import(self, items: object, reply: Tell) -> None:
        async with self._turn:
            said = await asyncio.to_thread(self._keep, items if isinstance(items, list) else [])
        reply({"type": "tunnel-said", **said})
        await self._list()

    def _keep(self, items: list[object]) -> JsonObject:
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
            parsed = parse(text, name or "configuration")
            if isinstance(parsed, Rejected):
                return {"problems": [str(problem) for problem in parsed.problems]}
            wanted.append((name, parsed.config))
        kept: list[str] = []
        known: list[str] = []
        try:
            for name, config in wanted:
                same = self._book().has(config)
                if same is None:
                    kept.append(self._book().add(name, config).name)
                else:
                    known.append(same.name)
        except LockedError:
            return {"locked": True, "kept": kept}
        except (BookError, KeeperError) as error:
            return {"problems": [str(error)], "kept": kept}
        return {"kept": kept, "known": known}

    async def _remove(self, exit_id: str, reply: Tell) -> None:
        from myco_vpn.book.exits import BookError
        from myco_vpn.book.keepers import KeeperError

        async with self._turn:
            try:
                await asyncio.to_thread(lambda: self._book().remove(exit_id))
            except (BookError, KeeperError) as error:
                reply({"type": "tunnel-said", "problems": [str(error)]})
        await self._list()

    async def _favour(self, exit_id: str, on: bool) -> None:
        from myco_vpn.book.exits import BookError

        def change() -> None:
            with contextlib.suppress(BookError):
                book = self._book()
                book.change(replace(book.find(exit_id), favourite=on))

        async with self._turn:
            await asyncio.to_thread(change)
        await self._list()

    async def _unlock(self, passphrase: str, reply: Tell) -> None:
        from myco_vpn.book.keepers import FileKeeper, KeeperError

        def unlock() -> str:
            keeper = self._book().keeper
            try:
                if isinstance(keeper, FileKeeper):
                    keeper.unlock(passphrase)
            except KeeperError as error:
                return str(error)
            return ""

        async with self._turn:
            problem = await asyncio.to_thread(unlock)
        reply({"type": "tunnel-said", "unlocked": not problem, "wrong": bool(problem)})
        await self._list()
        state = self._controller.state
        # The user gave the passphrase to go on where it was wanted.
        if not problem and getattr(state, "cause", None) is Cause.LOCKED:
            self._turn_on(getattr(state, "exit_id", None))
