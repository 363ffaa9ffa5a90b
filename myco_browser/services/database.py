"""A small SQLite database of one profile that survives its own corruption.

A broken file is set aside and reported, and an empty one takes its place: history or icons are
not worth a browser that does not start. Where nothing can be written, what is there is read, and
each write raises the reason. Deleted rows are overwritten, not only unlinked.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_BROKEN = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT"})
_BESIDE = ("-wal", "-shm", "-journal")


class SetAside(NamedTuple):
    """The database at `path` could not be read; what was left of it is at `moved_to`."""

    path: Path
    moved_to: Path
    detail: str


Report = Callable[[SetAside], None]


class Database:
    """One connection, owned by the thread that made it: SQLite enforces that.

    From asyncio, make it and call it in an executor with a single worker. `schema` is run once,
    on a new file; a file of another `version` counts as unreadable. `copied`: it is another
    session's, of which a copy is read once; nothing on the disk changes, and nothing is written.
    """

    def __init__(
        self, path: Path, schema: str, version: int, report: Report, *, copied: bool = False
    ) -> None:
        self._path = path
        self._schema = schema
        self._version = version
        self._report = report
        self._unwritable: sqlite3.Error | OSError | None = None
        if copied:
            self._unwritable = PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        self._connection = self._open_copy() if copied else self._open_somehow()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`; if the file turns out broken, run it again on an empty one."""
        try:
            return work(self._connection)
        except sqlite3.DatabaseError as error:
            if self._unwritable is not None or not _is_broken(error):
                raise
            self._connection.close()
            self._connection = self._start_anew(str(error))
            return work(self._connection)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction: all of it is stored, or nothing. Raises sqlite3.Error,
        or the OSError for which nothing can be written."""
        if self._unwritable is not None:
            raise self._unwritable

        def in_transaction(connection: sqlite3.Connection) -> T:
            with _transaction(connection):
                return work(connection)

        return self.read(in_transaction)

    def forget_traces(self) -> None:
        """Empty the write-ahead log, so that nothing deleted can be read in it."""
        if self._unwritable is None:
            self.read(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the file."""
        self._connection.close()

    def _open_somehow(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return self._open()
            except sqlite3.DatabaseError as error:
                if not _is_broken(error):
                    raise
                return self._start_anew(str(error))
        except (sqlite3.OperationalError, OSError) as error:
            # No permission, no room: the browser goes on with what can be read.
            self._unwritable = error
            return self._open_to_read()

    def _open_to_read(self) -> sqlite3.Connection:
        """What is there, else an empty one in memory."""
        # "immutable": no log beside the file is asked for, which could not be made.
        address = f"{self._path.absolute().as_uri()}?immutable=1"
        with contextlib.suppress(sqlite3.Error):
            connection = sqlite3.connect(address, uri=True, isolation_level=None)
            try:
                if connection.execute("PRAGMA user_version").fetchone() == (self._version,):
                    return connection
            except sqlite3.DatabaseError:
                connection.close()
        return self._open_empty()

    def _open_copy(self) -> sqlite3.Connection:
        """What another session has kept so far, else an empty one in memory."""
        # Loaded by private sessions only.
        from myco_browser.services.database_copy import read_copy

        if image := read_copy(self._path):
            connection = sqlite3.connect(":memory:", isolation_level=None)
            # Neither what is sorted may lie on the disk, nor is all text what it should be.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            with contextlib.suppress(sqlite3.DatabaseError):
                connection.deserialize(image)
                found = connection.execute("PRAGMA user_version").fetchone()
                whole = connection.execute("PRAGMA quick_check(1)").fetchone()
                if (found, whole) == ((self._version,), ("ok",)):
                    return connection
            connection.close()
        return self._open_empty()

    def _open_empty(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        self._prepare(connection)
        return connection

    def _open(self) -> sqlite3.Connection:
        self._path.touch(mode=0o600, exist_ok=True)
        # Transactions are ours: autocommit keeps the module from opening its own.
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=5)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found == self._version:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return
        if found != 0:
            raise _ForeignVersionError(f"version {found} instead of {self._version}")
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {self._schema}; PRAGMA user_version = {self._version:d}; COMMIT"
            )
        except sqlite3.OperationalError:
            with contextlib.suppress(sqlite3.DatabaseError):
                connection.execute("ROLLBACK")
            # Another thread may have made the tables in this moment.
            if connection.execute("PRAGMA user_version").fetchone() != (self._version,):
                raise

    def _start_anew(self, detail: str) -> sqlite3.Connection:
        aside = self._path.with_name(f"{self._path.name}.broken")
        with contextlib.suppress(FileNotFoundError):
            self._path.replace(aside)
        for suffix in _BESIDE:
            with contextlib.suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).unlink()
        self._report(SetAside(self._path, aside, detail))
        return self._open()


class _ForeignVersionError(sqlite3.DatabaseError):
    sqlite_errorname = "SQLITE_FORMAT"


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    name: object = getattr(error, "sqlite_errorname", "")
    # Extended names add a detail: SQLITE_CORRUPT_VTAB, SQLITE_CORRUPT_INDEX.
    return isinstance(name, str) and any(name.startswith(broken) for broken in _BROKEN)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.DatabaseError):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
