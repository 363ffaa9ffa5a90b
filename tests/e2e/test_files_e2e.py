"""Files in the sidebar: a real browser, its door and a WebDAV server; judged at the server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.dav_servers import PASSWORD, USER, CloudServer, cloud_server
from support.site import Answer, Site

PANEL = 'window.body.side.part("files")'
_PAGE = f"{PANEL}.pages.currentWidget()"
_BROWSER = f"{PANEL}.browser"
PHRASE = "correct horse"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudServer]:
    """A server for one account, with a few files."""
    with cloud_server(tmp_path / "cloud") as running:
        (running.folder / "Letters").mkdir()
        (running.folder / "a.txt").write_text("first")
        (running.folder / "b.txt").write_text("second")
        yield running


def names(session: LedSession) -> list[str]:
    """What the panel lists."""
    found: list[str] = session.value(f"[e.name for e in {_BROWSER}.model.entries]")
    return found


def add_account(session: LedSession, cloud: CloudServer) -> None:
    """Types the address and the password, and waits for the folder."""
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    session.do('window.body.side.show_part("files")')
    session.wait_for(f"{_PAGE}.passphrase is not None")
    session.do(
        f"page = {_PAGE}\n"
        f"page.address.setText({cloud.address.url!r})\n"
        f"page.user.setText({USER!r})\n"
        f"page.password.setText({PASSWORD!r})\n"
        f"page.passphrase.setText({PHRASE!r})\n"
        "page.button.click()"
    )
    session.wait_for(f"{_BROWSER} is not None or {_PAGE}.report.problem.text()")
    session.wait_for(f"{_BROWSER} is not None and len({_BROWSER}.model.entries) == 3")


def _rename_and_move(session: LedSession, cloud: CloudServer) -> None:
    """Names and places, as the menu changes them; a name that is taken stays whose it is."""
    picked = "next(e for e in b.model.entries if e.name == {name!r})"
    listed = f"[e.name for e in {_BROWSER}.model.entries]"
    found = picked.format(name="b (1).txt")
    session.do(f"b = {_BROWSER}\nb.changes.rename({found}, 'b.txt')")
    session.wait_for(f"{_BROWSER}.toast.isVisible()")
    assert (cloud.folder / "b.txt").read_text() == "second"
    session.do(f"b = {_BROWSER}\nb.changes.rename({found}, 'new é.txt')")
    session.wait_for(f"'new é.txt' in {listed}")
    found = picked.format(name="new é.txt")
    session.do(
        f"b = {_BROWSER}\nb.changes.cut(({found},))\n"
        "b.show_folder(b.account_id, 'Letters')\nb.changes.paste()"
    )
    session.wait_for(f"{listed} == ['new é.txt']")
    assert (cloud.folder / "Letters/new é.txt").read_text() == "mine"
    assert not (cloud.folder / "new é.txt").exists()
    session.do(f"b = {_BROWSER}\nb.show_folder(b.account_id, '')")
    session.wait_for(f"'b.txt' in {listed}")


def _drag_out(session: LedSession) -> None:
    """Who takes what is dragged gets files; folders and what can do harm are not dragged."""

    def promise(name: str) -> None:
        session.do(
            f"b = {_BROWSER}\n"
            f"found = [e for e in b.model.entries if e.name == {name!r}]\n"
            "session.promise = b.list.promise(found)"
        )

    assert session.value(f"{_BROWSER}.list.dragEnabled()")
    promise("b.txt")
    (path,) = session.value("[url.toLocalFile() for url in session.promise.urls()]")
    assert Path(path).read_text() == "second"
    promise("Photos")
    assert session.value("session.promise is None")
    session.do(f"b = {_BROWSER}\nb.show_folder(b.account_id, 'Photos/sub')")
    session.wait_for(f"len({_BROWSER}.model.entries) == 1")
    promise("run.sh")
    assert session.value("[url.toLocalFile() for url in session.promise.urls()]") == []
    assert not list(Path(path).parent.parent.rglob("run.sh*"))
    session.do(f"b = {_BROWSER}\nb.show_folder(b.account_id, '')")
    session.wait_for(f"len({_BROWSER}.model.entries) > 3")


def _put_from_pages(session: LedSession, cloud: CloudServer, site: Site) -> None:
    """A page, a download and what was downloaded go to the folder that is looked at."""
    site.page("pages.example/", "<title>A page to keep</title><p>Words")
    site.pages["pages.example/file.bin"] = Answer(b"bytes", "application/octet-stream")
    session.open("http://pages.example/")
    session.do(f"b = {_BROWSER}\nb.show_folder(b.account_id, 'Letters')")
    session.do(
        "from myco_browser.ui.files_entries import TO_FILES, save_page\n"
        "from PyQt6.QtCore import QUrl\n"
        "save_page(tab, tab.context.cloud)\n"
        "tab.page.setProperty(TO_FILES, True)\n"
        "tab.page.download(QUrl('http://pages.example/file.bin'), 'ab.bin')"
    )
    listed = f"{{e.name for e in {_BROWSER}.model.entries}}"
    session.wait_for(f"'ab.bin' in {listed} and 'A page to keep.pdf' in {listed}")
    assert (cloud.folder / "Letters/ab.bin").read_bytes() == b"bytes"
    pdf = cloud.folder / "Letters/A page to keep.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    # Nothing of it stays here, and the list of downloads knows nothing of it.
    session.wait_for(f"not any({_BROWSER}._files.outgoing_folder.glob('*'))")
    assert session.value("len(session._downloads.list.all)") == 0
    session.do(
        "from pathlib import Path\n"
        f"tab.context.cloud.send(Path({str(cloud.folder / 'b.txt')!r}), link=True)"
    )
    copied = "__import__('PyQt6.QtGui').QtGui.QGuiApplication.clipboard().text()"
    session.wait_for(f"{copied}.startswith({cloud.address.url!r} + 's/')")
    session.do(f"b = {_BROWSER}\nb.show_folder(b.account_id, '')")
    session.wait_for(f"'a.txt' in {listed}")


def test_files_are_looked_at_saved_sent_and_deleted(
    rig: BrowserRig, cloud: CloudServer, site: Site, tmp_path: Path
) -> None:
    session = rig.start(hosts=site.host_map())
    add_account(session, cloud)
    assert names(session) == ["Letters", "a.txt", "b.txt"]
    saved = tmp_path / "saved"
    saved.mkdir(mode=0o777)
    session.do(
        f"from pathlib import Path\nb = {_BROWSER}\n"
        f"b.save([e for e in b.model.entries if e.name == 'a.txt'], Path({str(saved)!r}))"
    )
    transfers = f"{_BROWSER}._files.transfers.all"
    session.wait_for(f"[t.phase.value for t in {transfers}] == ['done']")
    assert (saved / "a.txt").read_text() == "first"
    mine, folder = tmp_path / "b.txt", tmp_path / "Photos"
    mine.write_text("mine")
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/run.sh").write_text("#!/bin/sh")
    session.do(
        f"from pathlib import Path\nb = {_BROWSER}\n"
        f"b.send([Path({str(mine)!r}), Path({str(folder)!r})])\n"
        "b.changes.delete([e for e in b.model.entries if e.name == 'a.txt'])"
    )
    # Both are kept: nothing is written over.
    session.wait_for(f"{{'b (1).txt', 'Photos'}} <= {{e.name for e in {_BROWSER}.model.entries}}")
    assert (cloud.folder / "b.txt").read_text() == "second"
    assert (cloud.folder / "b (1).txt").read_text() == "mine"
    assert (cloud.folder / "Photos/sub/run.sh").read_text() == "#!/bin/sh"
    # A folder with something that can do harm waits for a second yes.
    session.do(
        f"from pathlib import Path\nb = {_BROWSER}\n"
        f"b.save([e for e in b.model.entries if e.name == 'Photos'], Path({str(saved)!r}))"
    )
    session.wait_for(f"[t.found for t in {transfers} if t.phase.value == 'held'] == ['sub/run.sh']")
    assert not (saved / "Photos").exists()
    session.do(
        f"t = {_BROWSER}._files.transfers\n"
        "t.keep(next(x.number for x in t.all if x.phase.value == 'held'))"
    )
    session.wait_for(f"all(t.phase.value == 'done' for t in {transfers})")
    assert (saved / "Photos/sub/run.sh").read_text() == "#!/bin/sh"
    assert sorted(path.name for path in saved.iterdir()) == ["Photos", "a.txt"]
    # What was deleted comes back from the server's bin.
    session.wait_for(f"{_BROWSER}.toast._undo is not None")
    # The way back lies beside the transfers, not on them.
    boxes = [f"{_BROWSER}.{part}.geometry()" for part in ("toast", "rows")]
    session.wait_for(f"{_BROWSER}.rows.isVisible() and not {boxes[0]}.intersects({boxes[1]})")
    assert "a.txt" not in names(session)
    assert not (cloud.folder / "a.txt").exists()
    session.do(f"{_BROWSER}.toast._on_undo()")
    session.wait_for(f"'a.txt' in [e.name for e in {_BROWSER}.model.entries]")
    assert (cloud.folder / "a.txt").read_text() == "first"
    _rename_and_move(session, cloud)
    _drag_out(session)
    _put_from_pages(session, cloud, site)
    # Without a bin, it is asked first.
    for file in cloud.trash.iterdir():
        file.unlink()
    cloud.trash.rmdir()
    session.do(
        f"b = {_BROWSER}\nb.changes.delete([e for e in b.model.entries if e.name == 'a.txt'])"
    )
    session.wait_for(f"'a.txt' in {_BROWSER}.banner.text")
    assert (cloud.folder / "a.txt").exists()
    # All of it went through the door, under a word of its own; the password is in no file.
    rows = session.value("[[r.client, r.host] for r in session._context.door.counters()]")
    assert ["files", "127.0.0.1"] in rows
    for path in rig.profile.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_an_upload_outlives_the_end_of_the_session(
    rig: BrowserRig, cloud: CloudServer, tmp_path: Path
) -> None:
    session = rig.start()
    add_account(session, cloud)
    mine = tmp_path / "film.bin"
    mine.write_bytes(os.urandom(120_000_000))
    session.do(f"from pathlib import Path\n{_BROWSER}.send([Path({str(mine)!r})])")
    session.wait_for(f"any(t.done > 0 for t in {_BROWSER}._files.transfers.all)")
    pid = session.value("__import__('os').getpid()")
    os.kill(pid, signal.SIGKILL)
    assert not (cloud.folder / "film.bin").exists()
    session = rig.session()
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    session.wait_for("window.body.side is not None")
    session.do('window.body.side.show_part("files")')
    session.wait_for(f"{_PAGE} is not None")
    session.do(f"page = {_PAGE}\npage.field.setText({PHRASE!r})\npage.button.click()")
    session.wait_for(f"{_BROWSER} is not None")
    session.wait_for(f"'film.bin' in [e.name for e in {_BROWSER}.model.entries]", 60)
    assert (cloud.folder / "film.bin").read_bytes() == mine.read_bytes()
    assert sorted(p.name for p in cloud.folder.iterdir()) == [
        "Letters", "a.txt", "b.txt", "film.bin",
    ]  # fmt: skip
    assert list(cloud.uploads.iterdir()) == []
