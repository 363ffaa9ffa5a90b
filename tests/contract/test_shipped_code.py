"""Words that must not stand in what ships."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.source_tree import ROOT

_SHIPPED = ("myco_browser", "filters", "vpn", "resources", "scripts", ".ci")
_SUFFIXES = {".py", ".js", ".html", ".css", ".qss", ".bash", ".svg", ".txt", ""}


def _files() -> Iterator[Path]:
    for folder in _SHIPPED:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in _SUFFIXES and "__pycache__" not in path.parts:
                yield path


def _hits(pattern: str) -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in _files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if expression.search(line)
    ]


def test_files_are_found() -> None:
    """A search that looks at nothing finds nothing wrong."""
    names = {path.name for path in _files()}
    assert {"run", "flags.py", "door.py", "engine.py", "start.html"} <= names


@pytest.mark.parametrize(
    "pattern",
    [
        # The engine's sandbox is never switched off, by no flag and by no variable.
        r"--no-sandbox|--disable-seccomp|QTWEBENGINE_DISABLE_SANDBOX\s*=|--disable-web-security",
        # An application proxy would undo the flags that tie the engine to the door.
        r"setApplicationProxy|setUseSystemConfiguration\(\s*True",
        # Remote debugging opens a port that needs no password.
        r"--remote-debugging|QTWEBENGINE_REMOTE_DEBUGGING\s*=",
    ],
    ids=["sandbox", "application-proxy", "remote-debugging"],
)
def test_is_nowhere(pattern: str) -> None:
    """None of these stands in any file that ships."""
    assert not _hits(pattern)


def test_only_the_self_test_leads_sessions_from_outside() -> None:
    """A session with a hand, and a door that leads all names elsewhere, are the self-test's."""
    for pattern, places in (
        (r"app\.tested|app import tested", {"myco_browser/selftest/instance.py"}),
        (r"app\.hand|app import hand", {"myco_browser/app/tested.py"}),
        (r"is_self_test=True", {"myco_browser/selftest/instance.py"}),
    ):
        assert {hit.partition(":")[0] for hit in _hits(pattern)} == places


def test_modules_stay_small() -> None:
    """A module that grows beyond this has more than one matter: it is split before it goes on."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in _files()
        if path.suffix == ".py"
    }
    assert not {name: length for name, length in lengths.items() if length > 400}
