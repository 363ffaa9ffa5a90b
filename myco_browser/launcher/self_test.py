"""The self-test, when a page asks for it: a process of its own, whose report goes to who asked.

It is started here because a session has no way out of its own network, and the self-test starts
sessions itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from myco_browser.launcher.children import Children
from myco_browser.launcher.spawning import LauncherSettings, spawn
from myco_vpn.framing import JsonObject

_COMMAND = (sys.executable, "-P", "-m", "myco_browser", "--self-test", "--json")
_LONGEST_REPORT = 200_000


class SelfTest:
    """Runs one at a time; who asks meanwhile gets the same report."""

    def __init__(self, children: Children, settings: LauncherSettings) -> None:
        self._children = children
        self._settings = settings
        self._pid = 0
        self._askers: list[Callable[[JsonObject], None]] = []

    def start(self, tell: Callable[[JsonObject], None]) -> None:
        """Start it, unless it runs; `tell` is called once with the outcome."""
        self._askers.append(tell)
        if self._pid:
            return
        output = os.memfd_create("self-test", os.MFD_CLOEXEC)
        more = () if self._settings.seal else ("--no-seal",)
        command = (*_COMMAND, "--profile", self._settings.profile, *more)
        try:
            self._pid = spawn(command, self._settings.environ, [], output)
        except OSError as error:
            os.close(output)
            self._tell(None, error.strerror or "")
            return
        self._children.watch(self._pid, lambda _status: self._ended(output))

    def end(self) -> None:
        """The launcher ends."""
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGTERM)

    def _ended(self, output: int) -> None:
        self._pid = 0
        with open(output, "rb") as file:
            file.seek(0)
            text = file.read(_LONGEST_REPORT)
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        problem = found.get("problem", "") if isinstance(found, dict) else ""
        self._tell(found, str(problem))

    def _tell(self, report: object, problem: str) -> None:
        askers, self._askers = self._askers, []
        for tell in askers:
            tell({"type": "self-test-told", "report": report, "problem": problem})
