"""A new database that several threads open in the same moment is made once."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from myco_browser.services.database import Database


def test_threads_that_open_a_new_file_together_all_get_it(tmp_path: Path) -> None:
    for turn in range(10):
        barrier = threading.Barrier(6)
        opened: list[int] = []

        def make(path: Path = tmp_path / f"{turn}.sqlite", barrier: threading.Barrier = barrier,
                 opened: list[int] = opened) -> None:  # fmt: skip
            barrier.wait()
            database = Database(path, "CREATE TABLE a (b TEXT) STRICT;", 1, print)
            opened.append(
                database.read(lambda c: c.execute("SELECT count(*) FROM a").fetchone()[0])
            )
            database.close()

        threads = [threading.Thread(target=make) for _number in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert opened == [0] * 6


def _count(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM a").fetchone()[0]
    return found
