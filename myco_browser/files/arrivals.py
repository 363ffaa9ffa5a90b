"""Files from a server on the way to this machine's disk: whole, or not under their name.

What arrives is written beside the name that it will get, under a mark that no other download has.
What is there already is gone on with if the server's file is still the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.download_names import PART, free_name, safe_name
from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.webdav import WebDav
from myco_browser.system.new_names import move_to_new

Progress = Callable[[int, int | None], None]
"""How many of how many are through; called in the thread that transfers."""

_NOTE = ".json"


class Place(NamedTuple):
    """Where a download goes. `mark` is the same after a break, and no other download's."""

    folder: Path
    name: str
    mark: str

    @classmethod
    def of(cls, entry: Entry, folder: Path, mark: str) -> Place:
        """The place of something of a server, whose names are not trusted."""
        return cls(folder, safe_name(entry.name), mark)

    @property
    def part(self) -> Path:
        """Where it lies until it has its name."""
        return self.folder / f"{self.name}.{self.mark}{PART}"

    @property
    def note(self) -> Path:
        """What is known of the part."""
        return self.folder / f".{self.name}.{self.mark}{PART}{_NOTE}"


def fetch(dav: WebDav, entry: Entry, place: Place, tell: Progress, *, durable: bool = True) -> None:
    """Fetches a file until its part is whole. Raises FilesError, OSError.

    With `durable` it is on the disk then, whatever becomes of this machine.
    """
    offset = _kept(place, entry)
    if offset and offset == entry.size:
        tell(offset, offset)
        return
    content = dav.read(entry.path, offset, entry.etag if offset else "")
    done = content.offset
    with place.part.open("r+b" if done else "wb") as file:
        file.truncate(done)
        file.seek(done)
        _write_note(place.note, entry, content.etag)
        for piece in content.pieces:
            file.write(piece)
            done += len(piece)
            tell(done, content.size)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    if content.size is not None and done != content.size:
        raise FilesError(FilesCause.INTERRUPTED, f"{done} of {content.size} bytes")


def settle(place: Place, naming: Callable[[str], None], named: str = "") -> Path:
    """Gives what is whole its name, or a free one, and tells its path. Raises OSError.

    `naming` is told each name before it is given, to be kept; `named` is the one that was kept
    last, by a former attempt that did not come to its end.
    """
    if named and _is_done(place.part, place.folder / named):
        place.part.unlink(missing_ok=True)
        place.note.unlink(missing_ok=True)
        return place.folder / named
    if place.part.is_dir():
        os.sync()
    while True:
        name = free_name(place.name, lambda one: (place.folder / one).exists())
        naming(name)
        with contextlib.suppress(FileExistsError):
            move_to_new(place.part, place.folder / name)
            break
    place.note.unlink(missing_ok=True)
    return place.folder / name


def discard(place: Place) -> None:
    """Removes what arrived of something that is not wanted any more. Raises OSError."""
    if place.part.is_dir() and not place.part.is_symlink():
        shutil.rmtree(place.part)
    place.part.unlink(missing_ok=True)
    place.note.unlink(missing_ok=True)


def _is_done(part: Path, target: Path) -> bool:
    if not target.exists():
        return False
    return not part.exists() or (part.is_file() and part.samefile(target))


def _kept(place: Place, entry: Entry) -> int:
    """How much of this very state of the file is there already, in bytes."""
    try:
        known = json.loads(place.note.read_bytes()[:4096])
        size = place.part.stat().st_size
    except (OSError, ValueError):
        return 0
    same = isinstance(known, dict) and known.get("path") == entry.path
    if not same or not entry.etag or known.get("etag") != entry.etag:
        return 0
    return size if entry.size is None or size <= entry.size else 0


def _write_note(note: Path, entry: Entry, etag: str) -> None:
    note.write_text(json.dumps({"path": entry.path, "etag": etag or entry.etag}), "utf-8")
