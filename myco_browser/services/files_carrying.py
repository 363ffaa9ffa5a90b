"""Carries one transfer out, in the thread that calls; after a break it is called again."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.download_names import safe_name
from myco_browser.domain.files import Entry, FilesCause, Missing
from myco_browser.files.arrivals import Place, discard, fetch, settle
from myco_browser.files.errors import FilesError
from myco_browser.files.transfers import Errand, Mark, clear_away, upload
from myco_browser.files.trees import Tellers, fetch_tree, finish_tree, send_tree
from myco_browser.files.webdav import WebDav
from myco_browser.services.download_files import judge_file
from myco_browser.services.files_transfers import Transfer, Way

_MOST_FOUND = 3


class Whole(NamedTuple):
    """It has its name."""


class Held(NamedTuple):
    """All but its name is done, and the user is to be asked: it can do harm, or is not whole."""

    danger: Danger | None = None
    found: str = ""
    missing: tuple[Missing, ...] = ()


Naming = Callable[[str], None]
"""Keeps a name before it is given."""


def carry(dav: WebDav, one: Transfer, tellers: Tellers, naming: Naming) -> Whole | Held:
    """Sends or fetches; what is there already is not transferred twice. Raises FilesError."""
    try:
        if one.way is Way.UP:
            return _send(dav, one, tellers, naming)
        return _fetch(dav, one, tellers, naming)
    except OSError as error:
        if one.way is Way.UP:
            raise FilesError(FilesCause.UNREADABLE, str(error)) from error
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        cause = FilesCause.DISK_FULL if is_full else FilesCause.UNWRITABLE
        raise FilesError(cause, str(error)) from error


def clear(connect: Callable[[], WebDav], one: Transfer) -> None:
    """Removes what there is of a transfer that was given up. Raises FilesError, OSError."""
    if one.way is Way.DOWN:
        discard(_place(one))
        return
    try:
        dav = connect()
        try:
            clear_away(dav, dav.root, _errand(one, lambda _name: None))
        finally:
            dav.line.close()
    finally:
        remove_own(one)


def fetch_harmless(dav: WebDav, entries: Sequence[Entry], folder: Path) -> tuple[Path, ...]:
    """Fetches files into a folder that is made for them; their paths. Raises FilesError.

    DANGER when one of them can do harm: then none is left there.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
        places = [Place.of(one, folder, "drag") for one in entries]
        for entry, place in zip(entries, places, strict=True):
            fetch(dav, entry, place, lambda _done, _size: None)
            if judge_file(place.part, place.name).danger is not None:
                shutil.rmtree(folder)
                raise FilesError(FilesCause.DANGER, place.name)
        return tuple(settle(place, lambda _name: None) for place in places)
    except OSError as error:
        raise FilesError(FilesCause.UNWRITABLE, str(error)) from error


def remove_own(one: Transfer) -> None:
    """Removes a copy that was made for an upload. Raises OSError."""
    if one.is_ours:
        Path(one.local).unlink(missing_ok=True)
        # It lay in a folder of its own, because of its name.
        with contextlib.suppress(OSError):
            Path(one.local).parent.rmdir()


def _send(dav: WebDav, one: Transfer, tellers: Tellers, naming: Naming) -> Whole | Held:
    errand = _errand(one, naming)
    if not one.is_folder:
        upload(dav, dav.root, errand, tellers.bytes)
        return Whole()
    if not one.agreed:
        missing = send_tree(dav, dav.root, errand, tellers)
        if missing:
            return Held(missing=missing)
    finish_tree(dav, errand)
    return Whole()


def _fetch(dav: WebDav, one: Transfer, tellers: Tellers, naming: Naming) -> Whole | Held:
    place = _place(one)
    # It was whole already when its name was chosen, or when the user agreed.
    if not one.named and not one.agreed:
        entry = dav.find(one.path)
        if entry is None or entry.is_folder != one.is_folder:
            raise FilesError(FilesCause.GONE, "no such file")
        if entry.is_folder:
            missing = fetch_tree(dav, entry, place, tellers)
        else:
            fetch(dav, entry, place, tellers.bytes)
            missing = ()
        danger, found = _judged(place)
        if missing or danger is not None:
            return Held(danger, found, missing)
    settle(place, naming, one.named)
    return Whole()


def _errand(one: Transfer, naming: Naming) -> Errand:
    return Errand(Path(one.local), one.path, Mark(one.mark), naming, one.named)


def _place(one: Transfer) -> Place:
    name = safe_name(one.path.rpartition("/")[2])
    return Place(Path(one.local), name, one.mark or one.number)


def _judged(place: Place) -> tuple[Danger | None, str]:
    """Whether a file can do harm, or files in a folder, and which."""
    if not place.part.is_dir():
        judged = judge_file(place.part, place.name)
        return judged.danger, judged.found
    kinds, names = [], []
    for file in sorted(place.part.rglob("*")):
        if file.is_file() and (danger := judge_file(file, file.name).danger) is not None:
            kinds.append(danger)
            names.append(str(file.relative_to(place.part)))
    if not names:
        return None, ""
    shown = ", ".join(names[:_MOST_FOUND])
    return kinds[0], f"{shown} …" if len(names) > _MOST_FOUND else shown
