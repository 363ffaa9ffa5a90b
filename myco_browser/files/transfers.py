"""Whole files to and from a server, so that a break at any moment loses and doubles nothing.

A download is written beside its name and gets it when it is whole; what is there already is gone
on with if the file is still the same. An upload goes to a name of its own first and is then
moved to the free one; to a Nextcloud, large files go in pieces that need not be sent twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.download_names import PART, free_name, safe_name, split_ending
from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.errors import FilesError, error_of
from myco_browser.files.http import Source
from myco_browser.files.nextcloud import chunk_folder, pieces_of, server_of
from myco_browser.files.paths import is_name, joined
from myco_browser.files.webdav import WebDav

Progress = Callable[[int, int | None], None]
"""Bytes that are through, and of how many; called in the thread that transfers."""

LARGE = 20 << 20
"""From this size on a file goes to a Nextcloud in pieces (bytes)."""
PIECE = 10 << 20
_MARK = ".myco-"
_NOTE = ".json"


class Mark(NamedTuple):
    """Names what an upload has on the server before it is whole; the same one after a break."""

    word: str

    @classmethod
    def new(cls) -> Mark:
        """One that nothing else has."""
        return cls(secrets.token_hex(8))

    def beside(self, path: str) -> str:
        """Where the content waits, next to the name that it will get."""
        folder, _, _name = path.rpartition("/")
        return joined(folder, f"{_MARK}{self.word}{PART}")

    @property
    def chunks(self) -> str:
        """The folder of its pieces."""
        return f"myco-{self.word}"


def is_waiting(entry: Entry) -> bool:
    """Whether this is the beginning of an upload, which nobody wants to see."""
    return entry.name.startswith(_MARK) and entry.name.endswith(PART)


def download(dav: WebDav, entry: Entry, folder: Path, tell: Progress) -> Path:
    """Fetches a file into a folder and gives its path there. Raises FilesError, OSError.

    Nothing is overwritten. What a former attempt left is gone on with if it is of the same state.
    """
    name = safe_name(entry.name)
    part = folder / f"{name}{PART}"
    note = folder / f".{name}{PART}{_NOTE}"
    offset = _kept(part, note, entry)
    content = dav.read(entry.path, offset, entry.etag if offset else "")
    done = content.offset
    with part.open("r+b" if done else "wb") as file:
        file.truncate(done)
        file.seek(done)
        _write_note(note, entry, content.etag)
        for piece in content.pieces:
            file.write(piece)
            done += len(piece)
            tell(done, content.size)
        file.flush()
        os.fsync(file.fileno())
    if content.size is not None and done != content.size:
        raise FilesError(FilesCause.INTERRUPTED, f"{done} of {content.size} bytes")
    target = _named(part, folder, name)
    with contextlib.suppress(OSError):
        note.unlink()
    return target


class Errand(NamedTuple):
    """An upload: what to send, and under which name; `mark` is the same after a break.

    `naming` is told each name before the content gets it, to be kept; `named` is the one that
    was kept last, by a former attempt that did not come to its end.
    """

    source: Path
    path: str
    mark: Mark
    naming: Callable[[str], None] = lambda _path: None
    named: str = ""


def upload(dav: WebDav, root: WebAddress, errand: Errand, tell: Progress) -> str:
    """Sends a file and gives the path that it got. Raises FilesError, OSError.

    Where the path is taken, a free name beside it is used. After a break it goes on, or finds
    that all was done already.
    """
    size = errand.source.stat().st_size
    in_pieces = size >= LARGE and server_of(root) is not None
    waiting = errand.mark.beside(errand.path)
    found = None if in_pieces else dav.find(waiting)
    if errand.named and found is None and _is_done(dav, root, errand, size, in_pieces):
        return errand.named
    if in_pieces:
        return _upload_in_pieces(dav, root, errand, size, tell)
    if found is not None and found.size != size:
        dav.delete(waiting)
        found = None
    if found is None:
        with errand.source.open("rb") as file:
            dav.write(waiting, _Telling(file, size, tell), size)
    return _move_to_free(dav, waiting, errand.path, errand.naming)


def replace(dav: WebDav, source: Path, entry: Entry, tell: Progress) -> str:
    """Sends a newer state of a file; when the server's was changed meanwhile, both are kept.

    Gives the path that the newer one got. Raises FilesError, OSError.
    """
    size = source.stat().st_size
    try:
        if not entry.etag or entry.etag.startswith("W/"):
            raise FilesError(FilesCause.CHANGED, "no etag to hold it to")
        with source.open("rb") as file:
            dav.write(entry.path, _Telling(file, size, tell), size, over=entry.etag)
    except FilesError as error:
        if error.cause is not FilesCause.CHANGED:
            raise
        waiting = Mark.new().beside(entry.path)
        with source.open("rb") as file:
            dav.write(waiting, _Telling(file, size, tell), size)
        return _move_to_free(dav, waiting, entry.path, lambda _path: None)
    return entry.path


class _Telling:
    """A file that tells how far it was read."""

    def __init__(self, file: Source, size: int, tell: Progress, before: int = 0) -> None:
        self._file = file
        self._size = size
        self._tell = tell
        self._done = before

    def read(self, count: int, /) -> bytes:
        """As of a file."""
        piece = self._file.read(count)
        self._done += len(piece)
        self._tell(self._done, self._size)
        return piece


def _is_done(dav: WebDav, root: WebAddress, errand: Errand, size: int, in_pieces: bool) -> bool:
    """Whether a former attempt got to the end, and only forgot to say so."""
    if in_pieces and dav.exists_at(chunk_folder(root, errand.mark.chunks)):
        return False
    found = dav.find(errand.named)
    return found is not None and found.size == size


def _upload_in_pieces(
    dav: WebDav, root: WebAddress, errand: Errand, size: int, tell: Progress
) -> str:
    folder = chunk_folder(root, errand.mark.chunks)
    there = _pieces_there(dav, folder)
    with errand.source.open("rb") as file:
        for number, offset, length in pieces_of(size, PIECE):
            if there.get(f"{number:05}") == length:
                tell(offset + length, size)
                continue
            file.seek(offset)
            telling = _Telling(file, size, tell, offset)
            answer = dav.line.ask("PUT", f"{folder}/{number:05}", {}, telling, length)
            answer.drained()
            if answer.status not in (201, 204):
                raise error_of(answer.status, "piece")
    target = errand.path
    for _attempt in range(100):
        errand.naming(target)
        headers = {
            "Destination": dav.destination(target),
            "Overwrite": "F",
            "OC-Total-Length": str(size),
        }
        answer = dav.line.ask("MOVE", f"{folder}/.file", headers)
        answer.drained()
        if answer.status in (201, 204):
            return target
        if answer.status != 412:
            raise error_of(answer.status, "pieces")
        target = _next_name(target, errand.path)
    raise FilesError(FilesCause.TAKEN, errand.path)


def _pieces_there(dav: WebDav, folder: str) -> dict[str, int]:
    """Names and sizes of the pieces that arrived before; makes their folder if it is missing."""
    made = dav.line.ask("MKCOL", folder)
    made.drained()
    if made.status == 201:
        return {}
    if made.status != 405:
        raise error_of(made.status, "pieces")
    return dav.sizes_at(folder)


def _move_to_free(dav: WebDav, waiting: str, path: str, naming: Callable[[str], None]) -> str:
    target = path
    for _attempt in range(100):
        naming(target)
        try:
            dav.move(waiting, target)
        except FilesError as error:
            if error.cause is not FilesCause.TAKEN:
                raise
            target = _next_name(target, path)
        else:
            return target
    raise FilesError(FilesCause.TAKEN, path)


def _next_name(current: str, path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem, ending = split_ending(name)
    tail = current.rpartition("/")[2][len(stem) :].removesuffix(ending)
    number = int(tail.strip(" ()")) + 1 if tail.strip(" ()").isdigit() else 1
    following = f"{stem} ({number}){ending}"
    if not is_name(following):
        raise FilesError(FilesCause.TAKEN, path)
    return joined(folder, following)


def _kept(part: Path, note: Path, entry: Entry) -> int:
    """How much of this very state of the file is there already, in bytes."""
    try:
        known = json.loads(note.read_bytes()[:4096])
        size = part.stat().st_size
    except (OSError, ValueError):
        return 0
    same = isinstance(known, dict) and known.get("path") == entry.path
    if not same or not entry.etag or known.get("etag") != entry.etag:
        return 0
    return size if entry.size is None or size < entry.size else 0


def _write_note(note: Path, entry: Entry, etag: str) -> None:
    note.write_text(json.dumps({"path": entry.path, "etag": etag or entry.etag}), "utf-8")


def _named(part: Path, folder: Path, name: str) -> Path:
    """Gives a whole file its name, or a free one, without overwriting anything."""
    while True:
        target = folder / free_name(name, lambda one: one != part.name and (folder / one).exists())
        try:
            os.link(part, target)
        except FileExistsError:
            continue
        except OSError:
            # No hard links on this disk: then without the guarantee against a race.
            part.rename(target)
            return target
        part.unlink()
        return target
