"""A process that writes into a profile and is killed at any moment; what it told as kept must be.

Each step keeps one bookmark, one visit, one setting, one decision for a site and one password, and
tells each as soon as it is kept. Nothing is told before.
"""

from __future__ import annotations

import base64
import os
import random
import signal
import sqlite3
from pathlib import Path
from typing import NoReturn

from myco_browser.domain.logins import Login
from myco_browser.domain.settings import DEFAULT_ZOOM
from myco_browser.domain.settings_snapshot import Change
from myco_browser.domain.site_settings import Decision, Permission
from myco_browser.services.bookmarks import BAR, Bookmarks
from myco_browser.services.database import SetAside
from myco_browser.services.history import History
from myco_browser.services.password_store import FILE, PasswordStore
from myco_browser.services.settings_store import SettingsStore
from myco_browser.services.site_store import SiteStore
from myco_secrets.service import SecretService

KINDS = ("bookmark", "visit", "setting", "permission", "password")
_KEY = base64.b64encode(bytes(32)).decode()
_ZOOMS = (100, 110, 120, 130)


class FixedService(SecretService):
    """A keyring that has the same key for every process."""

    def __init__(self) -> None:
        super().__init__("test")

    def put(self, name: str, text: str) -> None:
        """Nothing: there is one key only."""

    def get(self, name: str) -> str:
        """The key."""
        return _KEY

    def works(self) -> bool:
        """It does."""
        return True


class Profile:
    """The records of one profile, as a session opens them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.set_aside: list[SetAside] = []
        self.bookmarks = Bookmarks(folder / "bookmarks.sqlite", self.set_aside.append)
        self.history = History(folder / "history.sqlite", self.set_aside.append)
        self.settings = SettingsStore(folder / "settings.json")
        self.sites = SiteStore(folder / "sites.json")
        self.passwords = PasswordStore(
            folder / FILE, writable=True, random=os.urandom, service=FixedService()
        )
        self.passwords.open()

    def keep(self, kind: str, number: int) -> None:
        """Keeps the `number`-th of a kind."""
        urlstr = f"https://site{number}.example/"
        match kind:
            case "bookmark":
                self.bookmarks.add(f"title {number}", urlstr, number, BAR)
            case "visit":
                self.history.record(urlstr, f"title {number}", number + 1)
            case "setting":
                self.settings.change(Change(DEFAULT_ZOOM, _ZOOMS[number % 4]))
            case "permission":
                site = self.sites.get(f"site{number}.example")
                kept = site.with_decision(Permission.CAMERA, Decision.ALLOW)
                self.sites.put(f"site{number}.example", kept)
            case _:
                login = Login(str(number), urlstr[:-1], "ada", f"word {number}", number)
                self.passwords.change(lambda old: (*old, login))

    def lost(self, kind: str, count: int) -> list[int]:
        """Which of the first `count` of a kind are not there."""
        numbers = range(count)
        match kind:
            case "bookmark":
                return [n for n in numbers
                        if self.bookmarks.find(f"https://site{n}.example/") is None]  # fmt: skip
            case "visit":
                there = {one.url for one in self.history.search("", 100_000)}
                return [n for n in numbers if f"https://site{n}.example/" not in there]
            case "setting":
                value = self.settings.settings[DEFAULT_ZOOM]
                # The next one may have been kept without having been told.
                allowed = {_ZOOMS[(count - 1) % 4], _ZOOMS[count % 4]} if count else {value}
                return [] if value in allowed and not self.settings.problems else [count - 1]
            case "permission":
                return [n for n in numbers
                        if not self.sites.get(f"site{n}.example").permissions]  # fmt: skip
            case _:
                there = {one.id for one in self.passwords.logins()}
                return [n for n in numbers if str(n) not in there]

    def broken(self) -> list[str]:
        """The databases that SQLite finds fault with, and what was set aside."""
        found = [str(one.path) for one in self.set_aside]
        for name in ("bookmarks.sqlite", "history.sqlite"):
            connection = sqlite3.connect(self.folder / name)
            (word,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.close()
            if word != "ok":
                found.append(f"{name}: {word}")
        return found

    def close(self) -> None:
        """Closes the databases."""
        self.bookmarks.close()
        self.history.close()


def kill_once(folder: Path, told: dict[str, int], chance: random.Random) -> list[str]:
    """Lets a process write until it is killed; what was lost or broken, as sentences.

    `told` holds how many of each kind were ever told as kept, and goes on from there.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _write(folder, dict(told), writer)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as news:
        wanted = chance.randint(1, 14)
        heard = b""
        while heard.count(b"\n") < wanted and (more := news.read(64)):
            heard += more
        # At any moment of what it is doing by now.
        for _turn in range(chance.randint(0, 3000)):
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := news.read(4096):
            heard += more
    for line in heard.decode().split("\n")[:-1]:
        kind, number = line.split()
        told[kind] = max(told[kind], int(number) + 1)
    profile = Profile(folder)
    try:
        wrong = [
            f"{kind} lost: {lost}" for kind in KINDS if (lost := profile.lost(kind, told[kind]))
        ]
        return wrong + profile.broken()
    finally:
        profile.close()


def _write(folder: Path, counts: dict[str, int], writer: int) -> NoReturn:
    profile = Profile(folder)
    while True:
        for kind in KINDS:
            # What was killed on its way may be there already: it is kept again.
            profile.keep(kind, counts[kind])
            os.write(writer, f"{kind} {counts[kind]}\n".encode())
            counts[kind] += 1
