"""Files of other browsers, read with care: they may be in use, broken, or made to do harm.

A database is copied with its write-ahead log, and copied again if either changed meanwhile; the
copy lies in a folder for us alone and goes at the end. Whatever a file holds, reading it ends and
takes no more memory than is reasonable for what it claims to be.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from myco_browser.domain.messages import N_

MAX_DATABASE = 2 << 30
"""Bytes of the largest database that is copied."""
MAX_JSON = 32 << 20
"""Bytes of the largest JSON file that is read."""
MAX_FIELD = 4 << 20
"""Bytes of the longest row that is read from a database."""
MAX_STEPS = 2_000
"""Of `_STEP` instructions of SQLite each: tens of seconds. Real profiles need a hundredth."""

_STEP = 1_000_000
_TRIES = 5
# What SQLite keeps beside a database while it is written: without it, the copy may be half.
_BESIDE = ("-wal", "-journal")


class Unreadable(Enum):
    """Why a file cannot be read; the value is the sentence."""

    DAMAGED = N_("it is damaged")
    FORM = N_("it is not in the expected form")
    TOO_LARGE = N_("it is larger than what could be brought over")
    NO_FILE = N_("it is no ordinary file")
    FORBIDDEN = N_("it may not be read")
    NO_ROOM = N_("there is no room on the disk for a copy of it")
    BUSY = N_("it changes all the time: close the other browser")
    TOO_LONG = N_("reading it takes too long")
    PRIMARY = N_("a primary password protects it: export the passwords there as a file")
    KEYRING = N_("the keyring does not give its key: export the passwords there as a file")


class UnreadableError(Exception):
    """A file of the other browser cannot be read."""

    def __init__(self, cause: Unreadable) -> None:
        super().__init__(cause.value)
        self.cause = cause


class FileProblem(NamedTuple):
    """A file that could not be read, by its name, and why."""

    file: str
    cause: Unreadable


def read_whole(path: Path, limit: int) -> bytes | None:
    """What is in a file of at most `limit` bytes; None when there is none. Raises
    UnreadableError."""
    try:
        with _ordinary(path, limit) as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(_cause_of(error)) from error
    if len(content) > limit:
        raise UnreadableError(Unreadable.TOO_LARGE)
    return content


def read_json(path: Path) -> object:
    """A JSON file; None when there is none. Raises UnreadableError."""
    content = read_whole(path, MAX_JSON)
    return None if content is None else from_json(content)


def from_json(content: bytes) -> object:
    """What a JSON text says. Raises UnreadableError."""
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(Unreadable.FORM) from error
    return found


@contextlib.contextmanager
def copied_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of a database. Raises UnreadableError."""
    with tempfile.TemporaryDirectory(prefix="myco-move-in-") as place:
        copy = Path(place, "copy.sqlite")
        try:
            _copy_while_quiet(path, copy)
            connection = sqlite3.connect(copy)
        except OSError as error:
            raise UnreadableError(_cause_of(error)) from error
        except sqlite3.Error as error:
            raise UnreadableError(_cause_in(error)) from error
        try:
            _confine(connection)
            yield connection
        except sqlite3.Error as error:
            raise UnreadableError(_cause_in(error)) from error
        finally:
            connection.close()


def _confine(connection: sqlite3.Connection) -> None:
    """What a table calls itself may be a view that never ends, a row as large as the file."""
    steps = 0

    def is_too_long() -> bool:
        nonlocal steps
        steps += 1
        return steps > MAX_STEPS

    connection.set_progress_handler(is_too_long, _STEP)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FIELD)
    connection.execute("PRAGMA trusted_schema = OFF")


def _copy_while_quiet(path: Path, copy: Path) -> None:
    parts = [(path.with_name(path.name + more), copy.with_name(copy.name + more))
             for more in ("", *_BESIDE)]  # fmt: skip
    for _try in range(_TRIES):
        before = [_state(part) for part, _copy in parts]
        for part, part_copy in parts:
            part_copy.unlink(missing_ok=True)
            if part == path or part.exists():
                with _ordinary(part, MAX_DATABASE) as source, part_copy.open("xb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        if before == [_state(part) for part, _copy in parts] and _is_whole(copy):
            return
    raise UnreadableError(Unreadable.BUSY)


@contextlib.contextmanager
def _ordinary(path: Path, limit: int) -> Iterator[BinaryIO]:
    """An open file, if it is one: a pipe would never end, nor would some devices."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(Unreadable.NO_FILE)
        if status.st_size > limit:
            raise UnreadableError(Unreadable.TOO_LARGE)
        yield file


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _is_whole(copy: Path) -> bool:
    connection = sqlite3.connect(copy)
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    return bool(answer == "ok")


def _cause_of(error: OSError) -> Unreadable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unreadable.NO_ROOM
    forbidden = error.errno in (errno.EACCES, errno.EPERM)
    return Unreadable.FORBIDDEN if forbidden else Unreadable.NO_FILE


def _cause_in(error: sqlite3.Error) -> Unreadable:
    # Rows that are too long are refused by the module itself, without a name.
    if isinstance(error, sqlite3.DataError):
        return Unreadable.TOO_LARGE
    names = {
        "SQLITE_TOOBIG": Unreadable.TOO_LARGE,
        "SQLITE_INTERRUPT": Unreadable.TOO_LONG,
        "SQLITE_FULL": Unreadable.NO_ROOM,
    }
    return names.get(getattr(error, "sqlite_errorname", ""), Unreadable.DAMAGED)
