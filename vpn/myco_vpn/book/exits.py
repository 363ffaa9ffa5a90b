"""The book of exits: one small file for each, without its secrets.

BookError              something is wrong with the folder or a file
 └─ NoSuchExitError
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from myco_vpn.book.keepers import Keeper, KeeperError
from myco_vpn.files import replace_file
from myco_vpn.wireguard.config import Config, take_secrets, with_secrets, write
from myco_vpn.wireguard.parse import Parsed, parse

MAX_NAME = 60
COLOURS = ("teal", "blue", "violet", "pink", "orange", "green", "grey")
_ID = re.compile(r"[0-9a-f]{12}", re.ASCII)


class BookError(Exception):
    """The book cannot be read or written; the message is for people."""


class NoSuchExitError(BookError):
    """There is no exit of that name."""


@dataclass(frozen=True, slots=True)
class SavedExit:
    """A named way out; `config` is without its secrets."""

    exit_id: str
    name: str
    config: Config
    colour: str = COLOURS[0]
    favourite: bool = False
    last_used: float = 0.0
    """Seconds since 1970; 0: never."""


class Book:
    """All exits of one user, in one folder."""

    def __init__(self, folder: Path, keeper: Keeper) -> None:
        self._folder = folder / "exits"
        self.keeper = keeper

    def all(self) -> list[SavedExit]:
        """Favourites first, then those used last, then by name. Raises BookError."""
        try:
            paths = sorted(self._folder.glob("*.json"))
        except OSError as error:
            raise BookError(f"{self._folder}: {error.strerror}") from error
        exits = [self._read(path) for path in paths if _ID.fullmatch(path.stem)]
        return sorted(exits, key=lambda e: (not e.favourite, -e.last_used, e.name.casefold()))

    def find(self, wanted: str) -> SavedExit:
        """By name (in any case) or identity. Raises BookError."""
        exits = self.all()
        for saved in exits:
            if wanted in (saved.exit_id, saved.name):
                return saved
        for saved in exits:
            if saved.name.casefold() == wanted.casefold():
                return saved
        raise NoSuchExitError(f"there is no exit called “{wanted}”")

    def add(self, name: str, config: Config) -> SavedExit:
        """Keep a configuration under a name of its own. Raises BookError, KeeperError.

        The key comes first: an exit without its key never stands in the book.
        """
        public, kept = take_secrets(config)
        exits = self.all()
        exit_id = secrets.token_hex(6)
        colour = COLOURS[len(exits) % len(COLOURS)]
        saved = SavedExit(exit_id, free_name(name, {e.name for e in exits}), public, colour)
        self.keeper.put(exit_id, kept)
        try:
            self._write(saved)
        except BookError:
            self.keeper.delete(exit_id)
            raise
        return saved

    def change(self, saved: SavedExit) -> None:
        """Keep what was changed of an exit. Raises BookError."""
        self._write(saved)

    def note_use(self, exit_id: str, now: float) -> None:
        """Remember that an exit was used. Raises BookError."""
        self._write(replace(self.find(exit_id), last_used=now))

    def remove(self, exit_id: str) -> None:
        """Forget an exit and its keys. Raises BookError, KeeperError."""
        saved = self.find(exit_id)
        try:
            os.unlink(self._path(saved.exit_id))
        except OSError as error:
            raise BookError(f"{saved.name} cannot be removed: {error.strerror}") from error
        self.keeper.delete(saved.exit_id)

    def with_keys(self, exit_id: str) -> Config:
        """The whole configuration. Raises BookError, KeeperError."""
        saved = self.find(exit_id)
        return with_secrets(saved.config, self.keeper.get(saved.exit_id))

    def has(self, config: Config) -> SavedExit | None:
        """The exit that is the same as this configuration, if there is one."""
        public, kept = take_secrets(config)
        for saved in self.all():
            if saved.config == public:
                try:
                    if self.keeper.get(saved.exit_id) == kept:
                        return saved
                except KeeperError:
                    continue
        return None

    def _path(self, exit_id: str) -> Path:
        return self._folder / f"{exit_id}.json"

    def _write(self, saved: SavedExit) -> None:
        body = {
            "version": 1,
            "name": saved.name,
            "colour": saved.colour,
            "favourite": saved.favourite,
            "last_used": saved.last_used,
            "configuration": write(saved.config),
        }
        try:
            replace_file(self._path(saved.exit_id), json.dumps(body, indent=1).encode("utf-8"))
        except OSError as error:
            raise BookError(f"{saved.name} cannot be kept: {error.strerror}") from error

    def _read(self, path: Path) -> SavedExit:
        try:
            body = json.loads(path.read_bytes())
            parsed = parse(str(body["configuration"]), path.name, needs_secrets=False)
            if not isinstance(parsed, Parsed):
                raise ValueError(str(parsed.problems[0]))
            colour = str(body.get("colour"))
            return SavedExit(
                path.stem,
                clean_name(str(body["name"])),
                parsed.config,
                colour if colour in COLOURS else COLOURS[0],
                body.get("favourite") is True,
                float(body.get("last_used", 0.0)),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BookError(f"{path}: {error}") from error


def clean_name(name: str) -> str:
    """A name that can be shown on one line."""
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return words[:MAX_NAME].strip() or "exit"


def free_name(name: str, taken: set[str]) -> str:
    """The name, or with a number when it is taken."""
    clean = clean_name(name)
    folded = {one.casefold() for one in taken}
    if clean.casefold() not in folded:
        return clean
    number = 2
    while f"{clean} {number}".casefold() in folded:
        number += 1
    return f"{clean} {number}"
