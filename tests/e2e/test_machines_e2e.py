"""Two computers that differ in everything a page could ask for look like one."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from support.browser_rig import BrowserRig, LedSession, browser_rig
from support.identity_pages import REALMS, serve_realms, told
from support.launcher_rig import wait_until
from support.machines import other_machine
from support.page_libraries import LIBRARIES, serve_libraries
from support.site import Site

_PLAIN = Path(__file__).parents[1] / "support" / "plain_engine.py"
_EVERYDAY_SHOWS = {
    # Time zone, the screen's scale (text is drawn finer then), whether there is a graphics card.
    "zone", "offset", "date", "devicePixelRatio", "canvas", "webgl",
}  # fmt: skip


@contextmanager
def _machines() -> Iterator[list[BrowserRig]]:
    """A rig on this computer, and one on another."""
    with ExitStack() as stack:
        rigs = []
        for number in range(2):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="myco-")))
            rig = stack.enter_context(browser_rig(folder))
            if number:
                stack.enter_context(other_machine(rig.environ, folder))
            rigs.append(rig)
        yield rigs


def _open_realms(rig: BrowserRig, site: Site, *arguments: str) -> dict[str, dict[str, Any]]:
    site.arrived.clear()
    session = rig.start(*arguments, hosts=site.host_map())
    place = f"http://localhost:{site.port}/"
    session.open(place)
    if not arguments:
        session.do("window.resize(1100, 700)")
        session.wait_for("tab.page.gate.inspection.is_armed")
        site.arrived.clear()
        session.open(place)
    wanted = {*REALMS, "window only"}
    assert wait_until(lambda: wanted <= told(site).keys()), wanted - told(site).keys()
    return told(site)


def _open_libraries(session: LedSession, site: Site) -> dict[str, Any]:
    session.open(f"http://localhost:{site.port}/libraries")
    session.wait_for_script("typeof window.results", "string")
    results = json.loads(session.script("window.results"))
    assert "error" not in results, results["error"]
    return dict(results)


def test_private_windows_of_two_machines_cannot_be_told_apart(site: Site) -> None:
    serve_realms(site)
    found = []
    with _machines() as rigs:
        for rig in rigs:
            found.append(_open_realms(rig, site, "--private"))
    assert {realm for realm in found[0] if found[0][realm] != found[1][realm]} == set()


def test_libraries_give_private_windows_of_two_machines_one_identifier(site: Site) -> None:
    serve_libraries(site, "localhost")
    found = []
    with _machines() as rigs:
        for rig in rigs:
            session = rig.start("--private", hosts=site.host_map())
            found.append(_open_libraries(session, site))
    for library in LIBRARIES:
        first, second = (one[library][1] for one in found)
        assert {name for name in first if first[name] != second.get(name)} == set(), library
        assert found[0][library][0] == found[1][library][0], library


def test_everyday_identifiers_are_not_those_of_the_engine_as_it_comes(
    rig: BrowserRig, site: Site
) -> None:
    serve_libraries(site, "localhost")
    everyday = _open_libraries(rig.start(hosts=site.host_map()), site)
    place = f"http://localhost:{site.port}/libraries"
    ran = subprocess.run(
        [sys.executable, "-P", str(_PLAIN), place, "window.results"],
        env=rig.environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout, ran.stderr[-2000:]
    plain = json.loads(ran.stdout.splitlines()[-1])
    assert "error" not in plain, plain["error"]
    same = {library for library in LIBRARIES if everyday[library][0] == plain[library][0]}
    assert same == set()


def test_everyday_windows_of_two_machines_differ_in_what_may_show(site: Site) -> None:
    serve_realms(site)
    found = []
    with _machines() as rigs:
        for rig in rigs:
            found.append(_open_realms(rig, site))
    for realm, first in found[0].items():
        second = found[1][realm]
        keys = first.keys() | second.keys()
        different = {key for key in keys if first.get(key) != second.get(key)}
        assert different <= _EVERYDAY_SHOWS, realm
    assert found[0]["top"]["zone"] != found[1]["top"]["zone"], "the two machines must differ"
    assert found[1]["top"]["renderer"] is None
