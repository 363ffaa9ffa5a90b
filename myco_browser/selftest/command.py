"""`myco-browser --self-test`: runs the self-test without a window and says what it found.

Exit status: 0, everything passed; 1, something failed; 2, it could not be run.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from myco_browser.domain.identity import everyday_identity, private_identity
from myco_browser.domain.self_test import Finding, Outcome, Part, Report, report_to_json
from myco_browser.selftest import run
from myco_browser.selftest.evidence import Seen
from myco_browser.selftest.judging import judge
from myco_browser.system import paths
from myco_vpn import kernel

_MARKS = {Outcome.PASSED: "ok  ", Outcome.FAILED: "FAIL", Outcome.NOTED: "note"}
_LONGEST_SETTINGS = 1 << 20


def main(
    profile: str | None, *, as_json: bool, seal: bool, command: tuple[str, ...] = run.INSTANCE
) -> int:
    """Run it with the settings of a profile, which is only read; the exit status."""
    # Not killed with its parent but told to end, so that its folder goes, too.
    kernel.set_parent_death_signal(signal.SIGTERM)
    settings = _settings(Path(profile or paths.data_directory(os.environ)))
    try:
        seen = asyncio.run(_gather(settings, seal=seal, command=command))
    except (run.NotRunError, OSError) as error:
        return _refuse(str(error), as_json=as_json)
    except (asyncio.CancelledError, KeyboardInterrupt):
        return _refuse("it was ended", as_json=as_json)
    # The language of the window may show, and is not known here: what the session said counts,
    # as long as it is one of the two that there are.
    language = "fr" if _says_french(seen.everyday.realms.get("page", {})) else "en"
    fixed_scale = settings.get("private.fixed_scale") is not False
    identities = {
        "private": private_identity(fixed_scale=fixed_scale),
        "everyday": everyday_identity(language),
    }
    https_first = settings.get("content.https_first") is not False
    report = judge(seen, identities, https_first=https_first)
    print(json.dumps(report_to_json(report), indent=1) if as_json else text_of(report))
    return 0 if report.passed else 1


async def _gather(settings: Mapping[str, object], *, seal: bool, command: tuple[str, ...]) -> Seen:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await run.gather(settings, seal=seal, command=command)


def _refuse(problem: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"problem": problem}))
    print(f"myco-browser: the self-test could not be run: {problem}", file=sys.stderr)
    return 2


def text_of(report: Report) -> str:
    """The report as lines for a terminal."""
    lines = []
    for part in Part:
        lines += ["", part.value]
        lines += [_line(one) for one in report.findings if one.part is part]
    failed, noted = report.count(Outcome.FAILED), report.count(Outcome.NOTED)
    passed = report.count(Outcome.PASSED)
    lines += ["", f"{passed} passed, {failed} failed, {noted} noted"]
    return "\n".join(lines[1:])


def _line(one: Finding) -> str:
    wanted = "" if one.outcome is Outcome.PASSED else f"  (expected: {one.expected})"
    return f"  {_MARKS[one.outcome]} {one.session:8}  {one.check}: {one.value}{wanted}"


def _settings(profile: Path) -> Mapping[str, object]:
    """What the user chose; nothing where it cannot be read, as at a first start."""
    try:
        with (profile / "settings.json").open("rb") as file:
            found = json.loads(file.read(_LONGEST_SETTINGS))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _says_french(page: Mapping[str, object]) -> bool:
    return str(page.get("language", "")).startswith("fr")
