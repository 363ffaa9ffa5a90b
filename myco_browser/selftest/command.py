"""`myco-browser --self-test`: runs the self-test without a window and says what it found.

Exit status: 0, everything passed; 1, something failed; 2, it could not be run.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from myco_browser.domain.identity import everyday_identity, private_identity
from myco_browser.domain.self_test import Finding, Outcome, Part, Report, report_to_json
from myco_browser.selftest import run
from myco_browser.selftest.judging import judge
from myco_browser.system import paths
from myco_vpn.seal import die_with_parent

_MARKS = {Outcome.PASSED: "ok  ", Outcome.FAILED: "FAIL", Outcome.NOTED: "note"}
_LONGEST_SETTINGS = 1 << 20


def main(
    profile: str | None, *, as_json: bool, seal: bool, command: tuple[str, ...] = run.INSTANCE
) -> int:
    """Run it with the settings of a profile, which is only read; the exit status."""
    die_with_parent()
    settings = _settings(Path(profile or paths.data_directory(os.environ)))
    try:
        seen = asyncio.run(run.gather(settings, seal=seal, command=command))
    except (run.NotRunError, OSError) as error:
        print(f"myco-browser: the self-test could not be run: {error}", file=sys.stderr)
        return 2
    # The language of the window may show, and is not known here: what the session said counts,
    # as long as it is one of the two that there are.
    language = "fr" if _says_french(seen.everyday.realms.get("page", {})) else "en"
    fixed_scale = settings.get("private.fixed_scale") is not False
    identities = {
        "private": private_identity(fixed_scale=fixed_scale),
        "everyday": everyday_identity(language),
    }
    report = judge(seen, identities)
    print(json.dumps(report_to_json(report), indent=1) if as_json else text_of(report))
    return 0 if report.passed else 1


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
