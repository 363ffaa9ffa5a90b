"""Where a session's visits go, and the pictures of sites: to disk, or nowhere."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from myco_browser.domain.settings_kept import HISTORY_KEPT
from myco_browser.services.bookmarks import Bookmarks
from myco_browser.services.database import Report
from myco_browser.services.download_store import DownloadStore
from myco_browser.services.favicons import Favicons
from myco_browser.services.history import History, Page, Visit
from myco_browser.services.reading_list import ReadingList
from myco_browser.services.settings_store import SettingsStore

if TYPE_CHECKING:
    from myco_browser.services.foreign_files import ForeignVisit


class Records(NamedTuple):
    """The databases of a profile; a private session has none."""

    history: History | None = None
    pictures: Favicons | None = None
    bookmarks: Bookmarks | None = None
    downloads: DownloadStore | None = None
    reading: ReadingList | None = None

    @classmethod
    def open(cls, profile: Path | None, everyday: Path, report: Report) -> Records:
        """Opens those of a profile; without one there are the everyday bookmarks, to be read."""
        if profile is None:
            path = everyday / "bookmarks.sqlite"
            return cls(bookmarks=Bookmarks(path, report, copied=True) if path.exists() else None)
        history = History(profile / "history.sqlite", report)
        pictures = Favicons(profile / "icons.sqlite", report)
        bookmarks = Bookmarks(profile / "bookmarks.sqlite", report)
        downloads = DownloadStore(profile / "downloads.sqlite", report)
        reading = ReadingList(profile / "reading.sqlite", report)
        return cls(history, pictures, bookmarks, downloads, reading)

    def visits(
        self,
        active: Callable[[], None],
        not_kept: Callable[[sqlite3.Error | OSError], None],
        settings: SettingsStore,
    ) -> EverydayVisits | NoVisits:
        """Where visits go; `active` is called at each, `not_kept` when one cannot be written."""
        if self.history is None or self.pictures is None:
            return NoVisits(active)
        return EverydayVisits(self.history, self.pictures, active, not_kept, settings)

    def close(self) -> None:
        """Closes them."""
        kept = (self.history, self.pictures, self.bookmarks, self.downloads, self.reading)
        for database in kept:
            if database is not None:
                database.close()


class EverydayVisits:
    """The history of the everyday session."""

    def __init__(
        self,
        history: History,
        pictures: Favicons,
        active: Callable[[], None],
        not_kept: Callable[[sqlite3.Error | OSError], None],
        settings: SettingsStore,
    ) -> None:
        self._history = history
        self._pictures = pictures
        self._active = active
        self._not_kept = not_kept
        self._settings = settings

    def record(self, url: str, title: str, *, typed: bool) -> None:
        """Keeps a visit."""
        self._active()
        if self._is_wanted():
            self._try(lambda: self._history.record(url, title, int(time.time()), typed=typed))

    def rename(self, url: str, title: str) -> None:
        """A page told its title later."""
        self._try(lambda: self._history.set_title(url, title))

    def complete(self, text: str) -> tuple[Page, ...]:
        """What fits `text`, best first."""
        return self._history.complete(text)

    def keep_picture(self, url: str, png: bytes) -> None:
        """Keeps the picture of a site."""
        if self._is_wanted():
            self._try(lambda: self._pictures.put(url, png, int(time.time())))

    def picture(self, url: str) -> bytes | None:
        """The picture of a site, if there is one."""
        return self._pictures.get(url)

    def search(self, text: str, limit: int, before: int | None) -> tuple[Visit, ...]:
        """Visits with these words, newest first."""
        return self._history.search(text, limit, before)

    def take_in(self, visits: Sequence[ForeignVisit]) -> int:
        """Keeps visits of another browser; how many were new."""
        return self._history.take_in((v.url, v.title, v.at, v.typed) for v in visits)

    def keep_days(self, days: int) -> None:
        """Forgets what is older."""
        self._try(lambda: self._history.keep_days(days, int(time.time())))

    def forget_page(self, url: str) -> None:
        """Forgets a page."""
        self._history.delete_url(url)

    def _is_wanted(self) -> bool:
        return self._settings.settings[HISTORY_KEPT] != "off"

    def _try(self, act: Callable[[], object]) -> None:
        """A page is shown whether its visit can be kept or not."""
        try:
            act()
        except (sqlite3.Error, OSError) as error:
            self._not_kept(error)


class NoVisits:
    """A private session keeps none."""

    def __init__(self, active: Callable[[], None]) -> None:
        self._active = active

    def record(self, url: str, title: str, *, typed: bool) -> None:
        """Keeps nothing."""
        del url, title, typed
        self._active()

    def rename(self, url: str, title: str) -> None:
        """Keeps nothing."""
        del url, title

    def complete(self, text: str) -> tuple[Page, ...]:
        """Nothing is remembered, so nothing is offered."""
        del text
        return ()

    def keep_picture(self, url: str, png: bytes) -> None:
        """Keeps nothing."""
        del url, png

    def picture(self, url: str) -> bytes | None:
        """Nothing is kept."""
        del url
        return None

    def search(self, text: str, limit: int, before: int | None) -> tuple[Visit, ...]:
        """Nothing is kept."""
        del text, limit, before
        return ()

    def take_in(self, visits: Sequence[ForeignVisit]) -> int:
        """Keeps nothing."""
        del visits
        return 0

    def keep_days(self, days: int) -> None:
        """Nothing is kept."""
        del days

    def forget_page(self, url: str) -> None:
        """Nothing is kept."""
        del url
