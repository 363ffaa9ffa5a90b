"""The self-test tells the truth: compared with what the wire and other servers see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.browser_rig import BrowserRig
from support.identity_pages import serve_realms, told
from support.launcher_rig import wait_until
from support.site import Site

_ROOT = Path(__file__).parents[2]
_SUPPORT = _ROOT / "tests" / "support"
_ZONE = "Asia/Tokyo"
# What only switches of the engine hold, and what the planted faults do not touch.
_NATIVE = {"agent", "brands", "languages", "zone", "cores", "pointer", "shared-workers", "fonts"}
_FAULTS = {
    "memory", "battery", "webgpu", "privacy-control", "cookies", "webrtc", "window-name",
}  # fmt: skip


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    packages = (str(_ROOT / part) for part in (".", "filters", "vpn", "resources", "tests"))
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(packages), "TZ": _ZONE}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        env=environ, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip


def _outcomes(report: dict[str, Any], session: str) -> dict[str, str]:
    return {one["id"]: one["outcome"] for one in report["checks"] if one["session"] == session}


def test_it_passes_sends_nothing_and_agrees_with_another_server(
    rig: BrowserRig, site: Site
) -> None:
    with tempfile.TemporaryDirectory(prefix="myco-") as folder:
        ran = _run(str(_SUPPORT / "quiet_self_test.py"), folder)
    assert ran.returncode == 0, ran.stderr[-4000:]
    seen = json.loads(ran.stdout.splitlines()[-1])
    report = json.loads(seen["printed"])
    assert [one for one in report["checks"] if one["outcome"] != "passed"] == []
    assert (seen["status"], report["passed"]) == (0, True)
    assert seen["control"], "the capture does not see"
    assert (seen["others"], seen["arp"], seen["left"]) == ([], 0, [])
    values = {(one["id"], one["session"]): one["value"] for one in report["checks"]}
    assert values["zone", "private"] == "UTC"
    assert values["zone", "everyday"] == _ZONE

    serve_realms(site)
    session = rig.start("--private", hosts=site.host_map())
    session.open(f"http://localhost:{site.port}/")
    assert wait_until(lambda: {"top", "window only"} <= told(site).keys())
    top, window = told(site)["top"], told(site)["window only"]
    assert values["agent", "private"] == f"{top['userAgent']} · {top['platform']}"
    assert values["languages", "private"] == f"{top['languages']} · {top['locale']}"
    assert values["cores", "private"] == str(top["hardwareConcurrency"])
    assert values["depth", "private"] == str(window["screen colorDepth"])
    assert values["sound", "private"] == window["sound"].replace(",", ", ")
    brands = json.loads(top["brands"])
    assert values["brands", "private"] == ", ".join(f"{b['brand']} {b['version']}" for b in brands)


def test_planted_faults_are_found() -> None:
    ran = _run(str(_SUPPORT / "faulty_self_test.py"))
    assert ran.returncode == 1, ran.stderr[-4000:]
    report = json.loads(ran.stdout)
    assert not report["passed"]
    for session in ("private", "everyday"):
        outcomes = _outcomes(report, session)
        assert {name for name in _FAULTS if outcomes[name] != "failed"} == set(), session
        assert {name for name in _NATIVE if outcomes[name] != "passed"} == set(), session


def test_the_page_shows_what_was_found(rig: BrowserRig) -> None:
    session = rig.start()
    session.open("about:selftest")
    assert session.value("tab.title") == "Self-test"
    assert (
        session.script(
            "document.querySelectorAll('button').length",
        )
        == 1
    )
    session.script("document.forms[0].requestSubmit()")
    session.wait_for("session._self_testing._is_running")
    session.wait_for_script("document.querySelectorAll('.wait').length", 1)
    session.wait_for("not session._self_testing._is_running", 100)
    session.wait_for_script("document.querySelectorAll('details').length", 5)
    failed = session.script(
        "[...document.querySelectorAll('tr.failed td:first-child')].map(one => one.innerText)"
    )
    assert failed == []
    # The settings are those of the profile: there, pages may be asked for in the clear.
    assert session.script("document.querySelectorAll('.noted').length") == 2
    assert session.value("tab.urlstr") == "myco://selftest/"
