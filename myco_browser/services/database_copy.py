"""What a database of another process holds, as one piece of memory, without a trace on the disk.

SQLite itself would leave one: it makes files beside a database to read it, or, told that nobody
writes, does not see what waits in the log. So the log is applied here, as the file format says
(https://sqlite.org/fileformat2.html, 4.1 to 4.3).
"""

from __future__ import annotations

import errno
import os
import struct
from pathlib import Path

_TRIES = 5
_MAGIC = (0x377F0682, 0x377F0683)
_FORMAT = 3007000
_HEADER = struct.Struct(">IIIIII")
_FRAME = struct.Struct(">IIII8x")
_HEADER_SIZE = 32
_MOST = 64 * 1024 * 1024


def read_copy(path: Path) -> bytes | None:
    """The database at `path` with all that was committed, for `sqlite3.Connection.deserialize`.

    None where there is none, where it cannot be read, is larger than 64 MiB, or does not stand
    still: another process is writing it.
    """
    log_path = path.with_name(f"{path.name}-wal")
    for _try in range(_TRIES):
        try:
            log, image, again = _bytes_of(log_path), _bytes_of(path), _bytes_of(log_path)
        except OSError:
            return None
        # What the log holds may be half copied into the file: the log, applied, makes it whole.
        if log == again:
            return _applied(image, log) if image else None
    return None


def _bytes_of(path: Path) -> bytes:
    """What a file holds; nothing where it is not there. Raises OSError, also for one too large."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        try:
            number = os.open(path, flags | os.O_NOATIME)
        except PermissionError:  # only who owns a file may read it without leaving the time
            number = os.open(path, flags)
    except FileNotFoundError:
        return b""
    with os.fdopen(number, "rb") as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def _applied(image: bytes, log: bytes) -> bytes:
    pages = _committed(log)
    made = bytearray(image)
    if pages is not None:
        size, count, changed = pages
        made = made[: count * size].ljust(count * size, b"\0")
        for number, page in changed.items():
            if 0 < number <= count:
                made[(number - 1) * size : number * size] = page
    if len(made) >= 20:
        # A copy in memory can have no log: it is no longer a database with one.
        made[18:20] = b"\1\1"
    return bytes(made)


def _committed(log: bytes) -> tuple[int, int, dict[int, bytes]] | None:
    """The size of a page, their number, and those that the log's transactions changed."""
    if len(log) < _HEADER_SIZE:
        return None
    magic, version, size, _checkpoint, *salts = _HEADER.unpack_from(log)
    if magic not in _MAGIC or version != _FORMAT or not 512 <= size <= 65536:
        return None
    found: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    count = 0
    step = _FRAME.size + size
    for at in range(_HEADER_SIZE, len(log) - step + 1, step):
        number, pages, *its_salts = _FRAME.unpack_from(log, at)
        if its_salts != salts:
            break  # left over from before the log began anew
        pending[number] = log[at + _FRAME.size : at + step]
        if number * size > _MOST or pages * size > _MOST:
            break
        if pages:
            found |= pending
            pending, count = {}, pages
    return (size, count, found) if count else None
