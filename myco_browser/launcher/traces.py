"""Looks for what a private session may have left on this computer.

Each such session makes up a word that exists nowhere else and puts it where pages put things
(cookies, storage, titles …). When the session has ended, files that were made or changed since it
began are searched for that word, wherever browsers and desktops are known to leave traces.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

# Looked into, never written to.
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
_CHUNK = 1 << 20
_PATIENCE_S = 5.0


class Search(NamedTuple):
    """What a search found: files with traces, how many were read, and whether that were all."""

    found: tuple[str, ...]
    files: int
    is_whole: bool


def places(environ: Mapping[str, str], profile: str, cache: str) -> tuple[str, ...]:
    """The folders to search: ours, the user's caches and settings, what is shared by all."""
    home = environ.get("HOME", "")
    named = [
        profile,
        cache,
        environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"),
        environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"),
        environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"),
        environ.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state"),
        environ.get("XDG_RUNTIME_DIR", ""),
        environ.get("TMPDIR", ""),
        *_SHARED,
    ]
    return tuple(dict.fromkeys(place for place in named if os.path.isabs(place)))


def search(words: Sequence[str], folders: Iterable[str], since: float) -> Search:
    """The files below `folders` with a word: ours, changed at `since` (Unix seconds) or later."""
    needles = [form for word in words for form in (word.encode(), word.encode("utf-16-le"))]
    deadline = time.monotonic() + _PATIENCE_S
    found: list[str] = []
    files = 0
    seen: set[tuple[int, int]] = set()
    for path, status in _files(folders):
        if time.monotonic() > deadline:
            return Search(tuple(found), files, False)
        if (status.st_dev, status.st_ino) in seen or _is_older(status, since):
            continue
        seen.add((status.st_dev, status.st_ino))
        files += 1
        if any(word in path for word in words) or _holds(path, needles):
            found.append(path)
    return Search(tuple(found), files, True)


def _files(folders: Iterable[str]) -> Iterator[tuple[str, os.stat_result]]:
    uid = os.geteuid()
    for folder in folders:
        for parent, _names, files in os.walk(folder):
            for name in files:
                path = os.path.join(parent, name)
                try:
                    status = os.lstat(path)
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode) and status.st_uid == uid:
                    yield path, status


def _is_older(status: os.stat_result, since: float) -> bool:
    return max(status.st_mtime, status.st_ctime) < since


def _holds(path: str, needles: Sequence[bytes]) -> bool:
    overlap = max(map(len, needles), default=1) - 1
    before = b""
    try:
        with open(path, "rb", buffering=0) as file:
            while part := file.read(_CHUNK):
                window = before + part
                if any(needle in window for needle in needles):
                    return True
                before = window[-overlap:]
    except OSError:
        return False
    return False
