"""A browser and sites for each end-to-end test. They run as a normal user, with the sandbox."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig, browser_rig
from support.site import Site, serve


@pytest.fixture(scope="session", autouse=True)
def _own_display() -> Iterator[None]:
    """A display for each worker of a parallel run: there is one focus and one clipboard on each."""
    if "PYTEST_XDIST_WORKER" not in os.environ or "DISPLAY" not in os.environ:
        yield
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-noreset"]
    with subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=[writing]) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            os.environ["DISPLAY"] = f":{told.readline().strip()}"
        yield
        server.terminate()


@pytest.fixture
def rig() -> Iterator[BrowserRig]:
    """A folder to run browsers in; short, because socket paths are."""
    if os.geteuid() == 0:
        pytest.fail("end-to-end tests run as a normal user: root would need the sandbox off")
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, browser_rig(Path(folder)) as made:
        yield made


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on loopback."""
    with serve() as made:
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts the engine."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.engine)
