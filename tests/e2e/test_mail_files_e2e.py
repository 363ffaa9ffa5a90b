"""A file that came with a letter goes into the user's files; judged at the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig
from support.dav_servers import PASSWORD, USER, CloudServer, cloud_server
from support.launcher_rig import wait_until


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudServer]:
    """A server for one account."""
    with cloud_server(tmp_path / "cloud") as running:
        yield running


def test_an_attachment_is_put_into_the_files(rig: BrowserRig, cloud: CloudServer) -> None:
    session = rig.start()
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    session.do(
        "session.said = []\n"
        "from myco_browser.ui.sidebar import letter_files\n"
        "letter_files.QMessageBox.information = lambda *words: session.said.append(words[-1])\n"
        "session.put = lambda: letter_files.put_into_files(\n"
        "    session._mail.desk(), window, 'invoice.pdf', b'paid')\n"
        "session.put()"
    )
    # Without an account for files, a sentence says so.
    assert session.value("len(session.said)") == 1
    session.do(
        "session.found = []\n"
        "files = session._mail.desk().files()\n"
        "files.unlock('correct horse')\n"
        f"files.set_up({cloud.address.url!r}, {USER!r}, {PASSWORD!r}, session.found.append)"
    )
    session.wait_for("session.found")
    session.do("session.put()")
    wait_until(lambda: (cloud.folder / "invoice.pdf").exists())
    wait_until(lambda: (cloud.folder / "invoice.pdf").read_bytes() == b"paid")
    # The user sees how far it is.
    session.wait_for("window.body.side.open_name == 'files'")
