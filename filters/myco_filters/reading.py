"""Reading text files that may be compressed, whatever bytes they hold."""

from __future__ import annotations

import errno
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path


def text_of(path: Path) -> str:
    """The whole text; bytes that are not UTF-8 become replacement characters. Raises OSError."""
    return "".join(_read(path))


def lines_of(path: Path) -> Iterator[str]:
    """The lines without their ends. Raises OSError."""
    return (line.rstrip("\r\n") for line in _read(path))


def _read(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from sys.stdin
    elif path.suffix == ".gz":
        try:
            with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
                yield from file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise OSError(errno.EIO, f"damaged gzip file ({error})", str(path)) from None
    else:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            yield from file
