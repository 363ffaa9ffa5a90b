"""Whole files to a server, so that a break at any moment loses and doubles nothing.

An upload goes to a name of its own first and is then moved to the free one; to a Nextcloud, large
files go in pieces that need not be sent twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.download_names import PART, split_ending
from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.arrivals import Progress
from myco_browser.files.errors import FilesError, error_of
from myco_browser.files.http import Source
from myco_browser.files.nextcloud import chunk_folder, pieces_of, server_of
from myco_browser.files.paths import is_name, joined
from myco_browser.files.webdav import WebDav

LARGE = 20 << 20
"""From this size on a file goes to a Nextcloud in pieces (bytes)."""
PIECE = 10 << 20
_MARK = ".myco-"


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

    def chunks(self, source: Path) -> str:
        """The folder of the pieces of a file in its present state: another state has another.

        Raises OSError.
        """
        return f"myco-{self.word}-{source.stat().st_mtime_ns:x}"


def is_waiting(entry: Entry) -> bool:
    """Whether this is the beginning of an upload, which nobody wants to see."""
    return entry.name.startswith(_MARK) and entry.name.endswith(PART)


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
    if goes_in_pieces(root, size):
        return _upload_in_pieces(dav, root, errand, size, tell)
    waiting = errand.mark.beside(errand.path)
    found = dav.find(waiting)
    if errand.named and found is None and _is_there(dav, errand.named, size):
        return errand.named
    if found is not None and found.size != size:
        dav.delete(waiting)
        found = None
    if found is None:
        with errand.source.open("rb") as file:
            dav.write(waiting, Telling(file, size, tell), size)
    return move_to_free(dav, waiting, errand)


def replace(dav: WebDav, source: Path, entry: Entry, tell: Progress) -> str:
    """Sends a newer state of a file; when the server's was changed meanwhile, both are kept.

    Gives the path that the newer one got. Raises FilesError, OSError.
    """
    size = source.stat().st_size
    try:
        if not entry.etag or entry.etag.startswith("W/"):
            raise FilesError(FilesCause.CHANGED, "no etag to hold it to")
        with source.open("rb") as file:
            dav.write(entry.path, Telling(file, size, tell), size, over=entry.etag)
    except FilesError as error:
        if error.cause is not FilesCause.CHANGED:
            raise
        errand = Errand(source, entry.path, Mark.new())
        waiting = errand.mark.beside(entry.path)
        with source.open("rb") as file:
            dav.write(waiting, Telling(file, size, tell), size)
        return move_to_free(dav, waiting, errand)
    return entry.path


def goes_in_pieces(root: WebAddress, size: int) -> bool:
    """Whether a file of so many bytes is sent in pieces: large ones, where the server can."""
    return size >= LARGE and server_of(root) is not None


def send_pieces(dav: WebDav, folder: str, file: BinaryIO, size: int, tell: Progress) -> None:
    """Sends the pieces of a file that are not there yet. Raises FilesError."""
    there = _pieces_there(dav, folder)
    for number, offset, length in pieces_of(size, PIECE):
        if there.get(f"{number:05}") == length:
            tell(offset + length, size)
            continue
        file.seek(offset)
        telling = Telling(file, size, tell, offset)
        answer = dav.line.ask("PUT", f"{folder}/{number:05}", {}, telling, length)
        answer.drained()
        if answer.status not in (201, 204):
            raise error_of(answer.status, "piece")


def join_pieces(dav: WebDav, folder: str, target: str, size: int) -> None:
    """Makes a file of its pieces. Raises FilesError; TAKEN when the name is not free."""
    headers = {
        "Destination": dav.destination(target),
        "Overwrite": "F",
        "OC-Total-Length": str(size),
    }
    answer = dav.line.ask("MOVE", f"{folder}/.file", headers)
    answer.drained()
    if answer.status == 412:
        raise FilesError(FilesCause.TAKEN, "pieces")
    if answer.status not in (201, 204):
        raise error_of(answer.status, "pieces")


def move_to_free(dav: WebDav, waiting: str, errand: Errand, *, folder: bool = False) -> str:
    """Gives what waits the path of its errand, or a free name beside it. Raises FilesError."""
    return _free(errand, lambda target: dav.move(waiting, target, folder=folder))


def clear_away(dav: WebDav, root: WebAddress, errand: Errand) -> None:
    """Removes what an upload that was given up left on the server. Raises FilesError."""
    waiting = errand.mark.beside(errand.path)
    found = dav.find(waiting)
    if found is not None:
        dav.delete(waiting, folder=found.is_folder)
    if server_of(root) is not None and errand.source.is_file():
        dav.line.ask("DELETE", chunk_folder(root, errand.mark.chunks(errand.source))).drained()


class Telling:
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


def _upload_in_pieces(
    dav: WebDav, root: WebAddress, errand: Errand, size: int, tell: Progress
) -> str:
    folder = chunk_folder(root, errand.mark.chunks(errand.source))
    if errand.named and not dav.exists_at(folder) and _is_there(dav, errand.named, size):
        return errand.named
    with errand.source.open("rb") as file:
        send_pieces(dav, folder, file, size, tell)
    return _free(errand, lambda target: join_pieces(dav, folder, target, size))


def _is_there(dav: WebDav, path: str, size: int) -> bool:
    """Whether a former attempt got to the end, and only forgot to say so."""
    found = dav.find(path)
    return found is not None and found.size == size


def _pieces_there(dav: WebDav, folder: str) -> dict[str, int]:
    """Names and sizes of the pieces that arrived before; makes their folder if it is missing."""
    made = dav.line.ask("MKCOL", folder)
    made.drained()
    if made.status == 201:
        return {}
    if made.status != 405:
        raise error_of(made.status, "pieces")
    return dav.sizes_at(folder)


def _free(errand: Errand, give: Callable[[str], None]) -> str:
    """Calls `give` with one name after another until one is free; each is told before."""
    target = errand.path
    for _attempt in range(100):
        errand.naming(target)
        try:
            give(target)
        except FilesError as error:
            if error.cause is not FilesCause.TAKEN:
                raise
            target = _next_name(target, errand.path)
        else:
            return target
    raise FilesError(FilesCause.TAKEN, errand.path)


def _next_name(current: str, path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem, ending = split_ending(name)
    tail = current.rpartition("/")[2][len(stem) :].removesuffix(ending)
    number = int(tail.strip(" ()")) + 1 if tail.strip(" ()").isdigit() else 1
    following = f"{stem} ({number}){ending}"
    if not is_name(following):
        raise FilesError(FilesCause.TAKEN, path)
    return joined(folder, following)
