"""The sites that the user pinned to the start page: a short list in a file of the profile."""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import parse_web_address
from myco_browser.services.atomic_files import remove_leftovers, write_atomically

MAX_PINS = 24
MAX_FILE = 256 * 1024
_MAX_TITLE = 200
_log = logging.getLogger(__name__)


class Pin(NamedTuple):
    """One pinned page."""

    url: str
    title: str


class Pins:
    """The pins of a profile, in order. With `path` None (a private session) none are kept.

    A file that cannot be read counts as empty and is kept beside as `<name>.broken`.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.all: tuple[Pin, ...] = ()
        if path is not None:
            remove_leftovers(path)
            self.all = _load(path)

    def is_pinned(self, url: str) -> bool:
        """Whether this address is pinned."""
        return any(pin.url == url for pin in self.all)

    def toggle(self, url: str, title: str) -> bool:
        """Pins or unpins; whether it is pinned now. Raises OSError when it cannot be saved."""
        kept = tuple(pin for pin in self.all if pin.url != url)
        if len(kept) == len(self.all) and parse_web_address(url) is not None:
            kept = (*kept, Pin(url, title[:_MAX_TITLE]))[-MAX_PINS:]
        if self._path is not None and kept != self.all:
            rows = [{"url": pin.url, "title": pin.title} for pin in kept]
            write_atomically(self._path, json.dumps(rows, indent=1).encode())
            self.all = kept
        return self.is_pinned(url)


def _load(path: Path) -> tuple[Pin, ...]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        _log.warning("%s cannot be read: %s", path, error.strerror)
        return ()
    try:
        rows = json.loads(content[: MAX_FILE + 1])
        found = [Pin(str(row["url"]), str(row["title"])[:_MAX_TITLE]) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError):
        _log.warning("%s is not a list of pins; it was set aside", path)
        with contextlib.suppress(OSError):
            path.replace(path.with_name(f"{path.name}.broken"))
        return ()
    return tuple(pin for pin in found if parse_web_address(pin.url) is not None)[:MAX_PINS]
