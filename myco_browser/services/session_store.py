"""Keeps the session state on disk: at most a second behind, never broken.

Two files take turns, each with a running number and a checksum. A new state replaces the older
one by an atomic rename, so the newest complete state is untouched while the next is written;
if it turns out unreadable, the one before it is there. A small thread of its own does the
writing: the interface must not wait for a disk, and neither must a busy network loop delay it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.session_json import (
    StateCause,
    StateProblem,
    state_from_json,
    state_to_json,
)
from myco_browser.domain.session_state import SessionState
from myco_browser.services.atomic_files import remove_leftovers, write_atomically

MAX_FILE = 64 * 1024 * 1024
"""Longest state file that is read, in bytes."""

PAUSE = 0.4
"""Seconds between two writes: many changes in a row cost one write, none waits for a second."""

_NAMES = ("session-a.json", "session-b.json")
_log = logging.getLogger(__name__)


class Loaded(NamedTuple):
    """The newest readable state; `state` is None if there is none."""

    state: SessionState | None
    problems: tuple[StateProblem, ...]


class _Generation(NamedTuple):
    path: Path
    number: int
    state: SessionState
    problems: tuple[StateProblem, ...]


def load_session(folder: Path) -> Loaded:
    """Read the newest valid state in `folder`; never raises for what a file contains."""
    return _loaded(*_newest(folder))


class SessionStore:
    """Writes submitted states in the background. `submit` may be called from any thread.

    `loaded` is what was there at the start. One store per folder: the profile is locked by
    whoever makes it.
    """

    def __init__(self, folder: Path, pause: float = PAUSE) -> None:
        self._folder = folder
        self._pause = pause
        self._wanted: SessionState | None = None
        self._written: SessionState | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._stop = threading.Event()
        for name in _NAMES:
            remove_leftovers(folder / name)
        newest, broken = _newest(folder)
        self.loaded = _loaded(newest, broken)
        self._number = newest.number if newest else 0
        self._target = _other(newest.path) if newest else folder / _NAMES[0]
        self._thread = threading.Thread(target=self._run, name="myco-session", daemon=True)
        self._thread.start()

    def submit(self, state: SessionState) -> None:
        """Have `state` written soon. Only the last of several waiting states is written."""
        with self._changed:
            self._wanted = state
            self._changed.notify()

    def close(self) -> None:
        """Write what was submitted last, then end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._is_behind())
                state, closing = self._wanted, self._closing
            if state is not None and state != self._written:
                self._write(state)
            self._written = state
            if closing:
                return
            self._stop.wait(self._pause)

    def _is_behind(self) -> bool:
        return self._wanted is not None and self._wanted is not self._written

    def _write(self, state: SessionState) -> None:
        try:
            write_atomically(self._target, encode_generation(self._number + 1, state))
        except OSError as error:
            # A full or read-only disk must not end the session: the next change tries again.
            _log.warning("the open tabs could not be saved: %s", error)
        else:
            self._number += 1
            self._target = _other(self._target)


def encode_generation(number: int, state: SessionState) -> bytes:
    """A state file: a line with number and checksum, then the state."""
    body = json.dumps(state_to_json(state), separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest()
    return json.dumps({"generation": number, "sha256": digest}).encode() + b"\n" + body


def decode_generation(content: bytes) -> tuple[int, object] | None:
    """Number and raw state of a file, None if it is incomplete or changed."""
    head, _, body = content.partition(b"\n")
    try:
        header = json.loads(head[:1000])
        number, digest = header["generation"], header["sha256"]
        whole = digest == hashlib.sha256(body).hexdigest()
        if not whole or not isinstance(number, int):
            return None
        return number, json.loads(body)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _loaded(newest: _Generation | None, broken: tuple[StateProblem, ...]) -> Loaded:
    if newest is None:
        return Loaded(None, broken)
    return Loaded(newest.state, broken + newest.problems)


def _newest(folder: Path) -> tuple[_Generation | None, tuple[StateProblem, ...]]:
    found: list[_Generation] = []
    broken: list[StateProblem] = []
    for name in _NAMES:
        path = folder / name
        content = _content(path)
        if content is None:
            continue
        decoded = decode_generation(content)
        if decoded is None:
            broken.append(StateProblem(str(path), StateCause.WRONG_FORM))
            continue
        state, problems = state_from_json(decoded[1])
        if state.windows or not problems:
            found.append(_Generation(path, decoded[0], state, problems))
        else:
            broken.extend(problems)
    newest = max(found, key=lambda generation: generation.number, default=None)
    return newest, tuple(broken)


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE)
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _other(path: Path) -> Path:
    return path.with_name(_NAMES[1] if path.name == _NAMES[0] else _NAMES[0])
