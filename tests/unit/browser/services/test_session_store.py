"""The session state on disk: rotation, damage, and being killed at any moment."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import signal
import struct
import time
from pathlib import Path

import pytest

from myco_browser.domain.session_state import SessionState, TabState, WindowState
from myco_browser.services.session_store import (
    PAUSE,
    SessionStore,
    encode_generation,
    load_session,
)

MICROSECOND = 1_000_000


def state_at(stamp: int, tabs: int = 1) -> SessionState:
    tab = TabState("https://example.org/", title="x" * 200, last_seen=stamp)
    return SessionState((WindowState(1, (tab,) * tabs),))


def stamp_of(state: SessionState | None) -> int:
    assert state is not None
    stamps = {tab.last_seen for tab in state.windows[0].tabs}
    assert len(stamps) == 1, "a state of one moment, not a mixture"
    return stamps.pop()


def save(folder: Path, *states: SessionState) -> None:
    for state in states:
        store = SessionStore(folder)
        store.submit(state)
        store.close()


def test_nothing_saved_is_no_state(tmp_path: Path) -> None:
    assert load_session(tmp_path).state is None
    assert load_session(tmp_path / "absent").state is None


def test_the_last_state_is_written_at_closing(tmp_path: Path) -> None:
    store = SessionStore(tmp_path / "session")
    for stamp in range(1, 50):
        store.submit(state_at(stamp))
    store.close()
    assert stamp_of(load_session(tmp_path / "session").state) == 49
    assert stamp_of(SessionStore(tmp_path / "session").loaded.state) == 49


def test_the_state_before_is_kept(tmp_path: Path) -> None:
    save(tmp_path, state_at(1), state_at(2), state_at(3))
    newest = max(tmp_path.iterdir(), key=lambda path: path.read_bytes()[:40])
    newest.write_bytes(newest.read_bytes()[:-1])
    loaded = load_session(tmp_path)
    assert stamp_of(loaded.state) == 2
    assert [problem.where for problem in loaded.problems] == [str(newest)]
    save(tmp_path, state_at(4))
    assert stamp_of(load_session(tmp_path).state) == 4
    assert load_session(tmp_path).problems == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n{}", b"[]\n[]", b'{"generation": "9", "sha256": ""}\n', b"\xff" * 100],
)
def test_damage_is_reported_not_raised(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "session-a.json").write_bytes(content)
    loaded = load_session(tmp_path)
    assert loaded.state is None
    assert len(loaded.problems) == 1


def test_one_changed_bit_is_noticed(tmp_path: Path) -> None:
    content = bytearray(encode_generation(1, state_at(1)))
    content[-10] ^= 1
    (tmp_path / "session-a.json").write_bytes(content)
    assert load_session(tmp_path).state is None


def test_a_full_disk_does_not_end_the_session(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "session"
    store = SessionStore(folder)
    folder.write_text("in the way")
    store.submit(state_at(1))
    store.close()
    assert "could not be saved" in caplog.text
    assert folder.read_text() == "in the way"


def write_until_killed(folder: Path, pause: float, shared: mmap.mmap) -> None:
    """Submit states without end; `shared` holds the time of the first and the last of them."""
    store = SessionStore(folder, pause)
    first = 0
    while True:
        stamp = time.monotonic_ns() // 1000
        first = first or stamp
        store.submit(state_at(stamp, tabs=100))
        shared[:16] = struct.pack("qq", first, stamp)
        time.sleep(0.001)


def kill_after(folder: Path, seconds: float, pause: float) -> tuple[int, int]:
    """Let a child write, kill it; the times of its first and last submitted state."""
    with contextlib.closing(mmap.mmap(-1, 16)) as shared:
        child = os.fork()
        if child == 0:
            try:
                write_until_killed(folder, pause, shared)
            finally:
                os._exit(1)
        while struct.unpack("qq", shared[:16])[0] == 0:
            assert os.waitpid(child, os.WNOHANG) == (0, 0)
            time.sleep(0.001)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        first, last = struct.unpack("qq", shared[:16])
    return first, last


@pytest.mark.parametrize(("kills", "longest", "pause"), [(190, 0.08, 0.005), (10, 1.2, PAUSE)])
def test_killed_at_any_moment(tmp_path: Path, kills: int, longest: float, pause: float) -> None:
    save(tmp_path, state_at(1))
    chance = random.Random(kills)
    newest = 1
    for _ in range(kills):
        first, last = kill_after(tmp_path, chance.uniform(0, longest), pause)
        loaded = load_session(tmp_path)
        assert loaded.problems == ()
        stored = stamp_of(loaded.state)
        assert stored >= newest
        newest = stored
        # A child that lived for less than a second may have written nothing yet.
        assert last - max(stored, first) <= 1 * MICROSECOND
