"""What was copied in a private window: offered to be cleared, or cleared by the last to go."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import is_alive, wait_until

_COPY = "from PyQt6.QtGui import QGuiApplication\nQGuiApplication.clipboard().setText({!r})"
_PASTE = "return QGuiApplication.clipboard().text()"
_IMPORT = "from PyQt6.QtGui import QGuiApplication\n"
# Another program, which says what it can paste each time somebody offers something else.
_PASTER = """
import sys
from PyQt6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv)
board = app.clipboard()
board.dataChanged.connect(lambda: print(repr(board.text()), flush=True))
print('ready', flush=True)
app.exec()
"""


@pytest.fixture
def paster() -> Iterator[subprocess.Popen[str]]:
    """A program beside the browser on the same display; it has to have one."""
    if "DISPLAY" not in os.environ:
        pytest.skip("without a display, programs share no clipboard")
    process = subprocess.Popen(
        [sys.executable, "-c", _PASTER], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    with contextlib.ExitStack() as stack:
        stack.callback(process.stdout.close)
        stack.callback(process.wait)
        stack.callback(process.kill)
        yield process


def _private(rig: BrowserRig, everyday: LedSession) -> LedSession:
    everyday.do("session._context.launcher.open_private([])")
    return rig.session()


def test_an_open_window_offers_to_clear_it(rig: BrowserRig) -> None:
    everyday = rig.start()
    private = _private(rig, everyday)
    private.wait_for("session._launcher.others == 1")
    private.run(_COPY.format("copied in private"))
    private.do("window.close()")
    assert wait_until(lambda: not is_alive(private.pid), 2.0), "no question holds the end up"
    everyday.wait_for("'private-copied' in session._notices._shown")
    everyday.run(_COPY.format("still there"))
    everyday.run(
        "from PyQt6.QtWidgets import QPushButton\n"
        "bar = session._notices._shown['private-copied']\n"
        "bar.findChildren(QPushButton)[0].click()"
    )
    assert everyday.run(_IMPORT + _PASTE) == ""


def test_nothing_is_offered_where_nothing_was_copied(rig: BrowserRig) -> None:
    everyday = rig.start()
    private = _private(rig, everyday)
    everyday.wait_for("session._launcher.others == 1")
    everyday.run(_COPY.format("copied elsewhere"))
    private.wait_for("not __import__('PyQt6.QtGui').QtGui.QGuiApplication.clipboard()"
                     ".ownsClipboard()")  # fmt: skip
    private.do("window.close()")
    everyday.wait_for("session._launcher.others == 0")
    assert everyday.value("list(session._notices._shown)") == []
    assert everyday.run(_IMPORT + _PASTE) == "copied elsewhere"


def test_the_last_window_clears_what_was_copied(
    rig: BrowserRig, paster: subprocess.Popen[str]
) -> None:
    assert paster.stdout is not None
    private = rig.start("--private")
    private.run(_COPY.format("copied in private"))
    assert paster.stdout.readline() == "'copied in private'\n"
    private.do("window.close()")
    assert paster.stdout.readline() == "''\n"
    assert rig.started[0].wait(20) == 0
