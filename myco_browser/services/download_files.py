"""What happens to the files of downloads: looked at, measured, given their name, removed.

Nothing here overwrites a file of the user's: a name that was taken meanwhile gets a number.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from myco_browser.domain.dangerous_files import (
    Danger,
    danger_of_head,
    danger_of_name,
    dangerous_members,
)
from myco_browser.domain.download_names import ENGINE_PART, PART, free_name
from myco_browser.domain.downloads import Cause
from myco_browser.system.new_names import move_to_new

_HEAD = 4096
_MEMBERS = 20_000
_UNPACKED = 64 * 1024 * 1024
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What a whole file is like. `found` names what is dangerous in an archive."""

    length: int
    danger: Danger | None
    found: str = ""


def part_of(folder: str, name: str) -> Path:
    """Where a download lies until it has its name."""
    return Path(folder, name + PART)


def engine_part_of(folder: str, name: str) -> Path:
    """Where the engine writes it."""
    return Path(folder, name + ENGINE_PART)


def judge_file(path: Path, name: str) -> Judged:
    """Length and danger of a whole file that is to be called `name`. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    length = path.stat().st_size
    danger = danger_of_name(name) or danger_of_head(head)
    if danger is not None:
        return Judged(length, danger)
    found = dangerous_members(_member_names(path))
    if not found:
        return Judged(length, None)
    shown = ", ".join(found[:3])
    return Judged(length, Danger.ARCHIVE, f"{shown} …" if len(found) > 3 else shown)


def take_over_part(folder: str, name: str) -> int:
    """Gives what the engine wrote our name, so that it does not delete it; its length or 0.

    Raises OSError.
    """
    part = part_of(folder, name)
    with contextlib.suppress(FileNotFoundError):
        engine_part_of(folder, name).replace(part)
    return length_of(part)


def length_of(path: Path) -> int:
    """The length of a file, 0 when there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def settle(folder: str, name: str) -> str:
    """Gives a whole file its name; the name it got. Raises OSError."""
    part = part_of(folder, name)
    while True:
        chosen = name
        if Path(folder, name).exists():
            chosen = free_name(name, lambda one: Path(folder, one).exists())
        try:
            move_to_new(part, Path(folder, chosen))
        except FileExistsError:
            continue
        return chosen


def remove_parts(folder: str, name: str) -> None:
    """Removes what arrived of a download that is not wanted any more. Raises OSError."""
    for path in (part_of(folder, name), engine_part_of(folder, name)):
        path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The checksum of a file, in hexadecimal digits. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def cause_of(error: OSError) -> Cause:
    """Why a file could not be written."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Cause.NO_SPACE
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Cause.NO_ACCESS
        case errno.ENOENT | errno.ENOTDIR:
            return Cause.FOLDER_GONE
        case errno.EFBIG:
            return Cause.TOO_LARGE
        case errno.ENAMETOOLONG | errno.EINVAL | errno.EILSEQ:
            return Cause.BAD_NAME
        case _:
            return Cause.DISK


def _member_names(path: Path) -> Iterator[str]:
    """What an archive says is in it; nothing for what is none, or cannot be read."""
    with contextlib.suppress(
        OSError, zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError
    ):
        with zipfile.ZipFile(path) as archive:
            yield from islice(archive.namelist(), _MEMBERS)
        return
    unreadable = (OSError, EOFError, tarfile.TarError, zlib.error, ValueError)
    with contextlib.suppress(*unreadable), tarfile.open(path) as packed:
        for count, member in enumerate(packed):
            yield member.name
            if count > _MEMBERS or member.offset_data > _UNPACKED:
                return
