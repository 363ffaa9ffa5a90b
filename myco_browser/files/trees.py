"""Folders with all that is in them, to and from a server: whole, or not under their name.

What does not get through is told file by file, and the rest goes on; only what would stop every
file (no connection, no room) stops the whole. What is there already is not transferred twice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.download_names import free_name, safe_name
from myco_browser.domain.files import Entry, FilesCause, Missing
from myco_browser.files.arrivals import Place, Progress, fetch
from myco_browser.files.errors import FilesError
from myco_browser.files.nextcloud import chunk_folder
from myco_browser.files.paths import is_name, joined
from myco_browser.files.transfers import (
    Errand,
    Mark,
    Telling,
    goes_in_pieces,
    is_waiting,
    join_pieces,
    move_to_free,
    send_pieces,
)
from myco_browser.files.webdav import WebDav

_DEEPEST = 60
_MOST = 100_000
_SINGLE = frozenset({
    FilesCause.FORBIDDEN, FilesCause.GONE, FilesCause.TAKEN, FilesCause.CHANGED, FilesCause.LOCKED,
    FilesCause.UNSUPPORTED, FilesCause.BROKEN, FilesCause.FAILED, FilesCause.NAME,
    FilesCause.LINK, FilesCause.UNREADABLE, FilesCause.TOO_MUCH,
})  # fmt: skip
"""What concerns one file, and not all that come after it."""


class Tellers(NamedTuple):
    """Who hears how far a folder is: in bytes, and in files."""

    bytes: Progress
    files: Progress


class _Leaf(NamedTuple):
    source: Path
    path: str
    size: int
    changed: float
    """When, in Unix seconds."""

    def is_at(self, there: Entry | None) -> bool:
        """Whether it was sent already, in the state that it has now."""
        if there is None or there.size != self.size or there.modified is None:
            return False
        return self.changed <= there.modified.timestamp()


class _Plan(NamedTuple):
    folders: list[str]
    leaves: list[_Leaf]
    missing: list[Missing]


def send_tree(
    dav: WebDav, root: WebAddress, errand: Errand, tellers: Tellers
) -> tuple[Missing, ...]:
    """Sends a folder to where it waits, and tells what did not get there. Raises FilesError.

    `finish_tree` gives it its name then.
    """
    if errand.named and _is_finished(dav, errand):
        return ()
    plan = _local_plan(errand.source)
    waiting = errand.mark.beside(errand.path)
    there = _made(dav, waiting)
    for path in plan.folders:
        if path not in there:
            _counted(plan.missing, path, partial(dav.make_folder, joined(waiting, path)))
    done, whole = 0, sum(leaf.size for leaf in plan.leaves)
    for count, leaf in enumerate(plan.leaves, 1):
        if not leaf.is_at(there.get(leaf.path)):
            begun = _Begun(joined(waiting, leaf.path), leaf.path in there, errand.mark)
            tell = _shifted(tellers.bytes, done, whole)
            _counted(plan.missing, leaf.path, partial(_send, dav, root, leaf, begun, tell))
        done += leaf.size
        tellers.bytes(done, whole)
        tellers.files(count, len(plan.leaves))
    return tuple(plan.missing)


def finish_tree(dav: WebDav, errand: Errand) -> str:
    """Gives a folder that was sent its name, or a free one beside it. Raises FilesError."""
    if errand.named and _is_finished(dav, errand):
        return errand.named
    return move_to_free(dav, errand.mark.beside(errand.path), errand, folder=True)


def fetch_tree(dav: WebDav, entry: Entry, place: Place, tellers: Tellers) -> tuple[Missing, ...]:
    """Fetches a folder into its part, and tells what did not arrive. Raises FilesError, OSError."""
    missing: list[Missing] = []
    found = list(_remote(dav, entry.path, missing))
    leaves = [(local, one) for local, one in found if not one.is_folder]
    done, whole = 0, sum(one.size or 0 for _local, one in leaves)
    place.part.mkdir(exist_ok=True)
    for local, one in found:
        if one.is_folder:
            (place.part / local).mkdir(exist_ok=True)
    for count, (local, one) in enumerate(leaves, 1):
        target = place.part / local
        if one.size is None or not target.is_file() or target.stat().st_size != one.size:
            leaf = Place(target.parent, target.name, place.mark)
            tell = _shifted(tellers.bytes, done, whole)
            below = one.path.removeprefix(f"{entry.path}/")
            _counted(missing, below, partial(_fetch_leaf, dav, one, leaf, tell))
        done += one.size or 0
        tellers.bytes(done, whole)
        tellers.files(count, len(leaves))
    return tuple(missing)


class _Begun(NamedTuple):
    path: str
    is_there: bool
    """Something of it, that is not whole."""
    mark: Mark


def _send(dav: WebDav, root: WebAddress, leaf: _Leaf, begun: _Begun, tell: Progress) -> None:
    if begun.is_there:
        dav.delete(begun.path)
    try:
        file = leaf.source.open("rb")
    except OSError as error:
        raise FilesError(FilesCause.UNREADABLE, str(error)) from error
    with file:
        size = os.fstat(file.fileno()).st_size
        if not goes_in_pieces(root, size):
            dav.write(begun.path, Telling(file, size, tell), size)
            return
        word = hashlib.sha256(f"{begun.mark.word}/{leaf.path}".encode()).hexdigest()[:16]
        folder = chunk_folder(root, Mark(word).chunks(leaf.source))
        send_pieces(dav, folder, file, size, tell)
        join_pieces(dav, folder, begun.path, size)


def _fetch_leaf(dav: WebDav, entry: Entry, leaf: Place, tell: Progress) -> None:
    fetch(dav, entry, leaf, tell, durable=False)
    # Inside a part of ours nothing is anybody else's.
    leaf.part.replace(leaf.folder / leaf.name)
    leaf.note.unlink(missing_ok=True)


def _shifted(tell: Progress, before: int, whole: int) -> Progress:
    """Tells of one file as of a part of all."""
    return lambda done, _size: tell(before + done, whole)


def _counted(missing: list[Missing], path: str, act: Callable[[], None]) -> None:
    """Does one file's work; its failure is noted, unless it stops every other's, too."""
    try:
        act()
    except FilesError as error:
        if error.cause not in _SINGLE:
            raise
        missing.append(Missing(path, error.cause))


def _local_plan(source: Path) -> _Plan:
    """What is to be sent: every folder before what is in it. Raises FilesError."""
    plan = _Plan([], [], [])
    waiting = [(source, "", 0)]
    while waiting:
        folder, path, depth = waiting.pop()
        for one in _looked_into(folder, path, plan.missing):
            below = joined(path, one.name)
            if one.is_symlink():
                plan.missing.append(Missing(below, FilesCause.LINK))
            elif not is_name(one.name) or not _is_text(one.name):
                plan.missing.append(Missing(_shown(below), FilesCause.NAME))
            elif one.is_dir(follow_symlinks=False):
                if depth >= _DEEPEST:
                    raise FilesError(FilesCause.TOO_MUCH, "too deep")
                plan.folders.append(below)
                waiting.append((Path(one.path), below, depth + 1))
            elif one.is_file(follow_symlinks=False):
                facts = one.stat(follow_symlinks=False)
                plan.leaves.append(_Leaf(Path(one.path), below, facts.st_size, facts.st_mtime))
            else:
                plan.missing.append(Missing(below, FilesCause.UNREADABLE))
        if len(plan.folders) + len(plan.leaves) > _MOST:
            raise FilesError(FilesCause.TOO_MUCH, "too many")
    return plan


def _looked_into(folder: Path, path: str, missing: list[Missing]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda one: one.name)
    except OSError:
        missing.append(Missing(path, FilesCause.UNREADABLE))
        return []


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()


def _made(dav: WebDav, waiting: str) -> dict[str, Entry]:
    """Makes the folder in which a tree waits; what is in it already, by its path there."""
    try:
        dav.make_folder(waiting)
    except FilesError as error:
        if error.cause is not FilesCause.TAKEN:
            raise
    else:
        return {}
    there: dict[str, Entry] = {}
    folders = [waiting]
    while folders:
        for entry in list(dav.list(folders.pop())):
            there[entry.path.removeprefix(f"{waiting}/")] = entry
            if entry.is_folder:
                folders.append(entry.path)
    return there


def _is_finished(dav: WebDav, errand: Errand) -> bool:
    """Whether a former attempt got to the end, and only forgot to say so."""
    if dav.find(errand.mark.beside(errand.path)) is not None:
        return False
    found = dav.find(errand.named)
    return found is not None and found.is_folder


def _remote(dav: WebDav, top: str, missing: list[Missing]) -> Iterator[tuple[PurePosixPath, Entry]]:
    """What lies below a folder, each folder before what is in it, with the names that are safe
    here. Raises FilesError."""
    waiting = [(top, PurePosixPath(), 0)]
    count = 0
    while waiting:
        folder, local, depth = waiting.pop()
        taken: set[str] = set()
        for entry in _listed(dav, folder, top, missing):
            count += 1
            if depth >= _DEEPEST or count > _MOST:
                raise FilesError(FilesCause.TOO_MUCH, "a tree without end")
            name = free_name(_inner_name(entry.name), taken.__contains__)
            taken.add(name)
            yield local / name, entry
            if entry.is_folder:
                waiting.append((entry.path, local / name, depth + 1))


def _inner_name(name: str) -> str:
    """Safe, but hidden files stay hidden: they are in a folder of their own, and belong there."""
    return f".{safe_name(name)}" if name.startswith(".") else safe_name(name)


def _listed(dav: WebDav, folder: str, top: str, missing: list[Missing]) -> list[Entry]:
    try:
        found = [one for one in dav.list(folder) if not is_waiting(one)]
    except FilesError as error:
        if error.cause not in _SINGLE or folder == top:
            raise
        missing.append(Missing(folder.removeprefix(f"{top}/"), error.cause))
        return []
    return sorted(found, key=lambda one: one.name)
