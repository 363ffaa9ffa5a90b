"""What comes with letters goes into the user's files, and large files go as links; judged at the
servers of files and of mail."""

from __future__ import annotations

import datetime
import email
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.dav_servers import CREDENTIALS, PASSWORD, USER, CloudServer, cloud_server, direct_way
from support.launcher_rig import wait_until
from support.mail_rig import PANEL, MailRig, add_account, mail_rig

from myco_browser.files.nextcloud import Nextcloud, files_root

_WRITE = "session._mail.desk().write"
_WINDOW = f"{_WRITE}.windows[0]"
_ROW = f"{_WINDOW}.large.rows[0]"
_SIZE = 24_000_000
"""Less than most servers take, but more than this one does, which says so."""


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudServer]:
    """A server for one account."""
    with cloud_server(tmp_path / "cloud") as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailRig]:
    """Mail servers for one account."""
    with mail_rig() as made:
        yield made


def test_attachments_and_files(
    rig: BrowserRig, mail: MailRig, cloud: CloudServer, tmp_path: Path
) -> None:
    session = mail.start(rig)
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    add_account(session)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film" * (_SIZE // 4))
    _without_an_account(session, film)
    _set_up(session, cloud)
    _put_into_files(session, cloud)
    _send_as_link(session, mail, cloud, film)
    _close_instead(session, cloud, film)


def _without_an_account(session: LedSession, film: Path) -> None:
    session.do(
        "session.said = []\n"
        "from myco_browser.ui.sidebar import letter_files\n"
        "letter_files.QMessageBox.information = lambda *words: session.said.append(words[-1])\n"
        "session.put = lambda: letter_files.put_into_files(\n"
        "    session._mail.desk(), window, 'invoice.pdf', b'paid')\n"
        "session.put()"
    )
    # A sentence says so.
    assert session.value("len(session.said)") == 1
    session.do(
        f"mail = session._mail.desk().mail\n"
        "import dataclasses\n"
        "mail.change(dataclasses.replace(mail.accounts[0], signature='Alice'))\n"
        f"{_WRITE}.to_person(mail.accounts[0].account_id, 'Bob', 'bob@far.test')"
    )
    session.do(f"{_WINDOW}.files.attach([{str(film)!r}])")
    assert "film.mp4" in session.value(f"{_WINDOW}.bar.text")
    assert session.value(f"len({_WINDOW}.large.rows)") == 0


def _set_up(session: LedSession, cloud: CloudServer) -> None:
    session.do(
        "session.found, session.asked = [], []\n"
        "files = session._mail.desk().files()\n"
        "files.ask_keeper(lambda locked, _new: session.asked.append(locked))\n"
        f"files.set_up({cloud.address.url!r}, {USER!r}, {PASSWORD!r}, session.found.append)"
    )
    session.wait_for("session.found")
    # The passphrase that was typed for mail opens these passwords, too.
    assert session.value("[session.asked, type(session.found[0]).__name__]") == [
        [False], "FilesAccount",
    ]  # fmt: skip


def _put_into_files(session: LedSession, cloud: CloudServer) -> None:
    session.do("session.put()")
    assert wait_until(lambda: (cloud.folder / "invoice.pdf").exists())
    assert wait_until(lambda: (cloud.folder / "invoice.pdf").read_bytes() == b"paid")
    # The user sees how far it is.
    session.wait_for("window.body.side.open_name == 'files'")


def _send_as_link(session: LedSession, mail: MailRig, cloud: CloudServer, film: Path) -> None:
    folder = cloud.folder / "Sent by mail"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(b"another film")
    session.do(f"{_WINDOW}.subject.setText('The film')")
    session.do(f"{_WINDOW}.editor.insertPlainText('Here it is.')")
    session.do(f"{_WINDOW}.editor.selectAll()\n{_WINDOW}.editor.toggle_bold()")
    session.do(f"{_WINDOW}.files.attach([{str(film)!r}])")
    # Without a decision nothing leaves.
    session.do(f"{_WINDOW}.send()")
    assert not session.value(f"{_WINDOW}.bar.is_busy")
    assert "film.mp4" in session.value(f"{_WINDOW}.bar.text")
    # What fails is told, and tried again.
    folder.chmod(0o500)
    session.do(f"{_ROW}.send.click()")
    session.wait_for(f"{_ROW}.again.isVisible()")
    assert not (folder / "film (1).mp4").exists()
    folder.chmod(0o700)
    # Sending waits for the link.
    session.do(f"{_ROW}.again.click()\n{_WINDOW}.send()")
    assert mail.smtp.messages == []
    session.wait_for(f"len({_WINDOW}.bar._outgoing) == 16")
    session.do(f"{_WINDOW}.bar.send_now()")
    assert mail.smtp.arrived.wait(30)
    # Both films are there, and one of them is shared, for looking and for thirty days.
    assert (folder / "film.mp4").read_bytes() == b"another film"
    assert (folder / "film (1).mp4").stat().st_size == _SIZE
    there = Nextcloud(direct_way(), files_root(cloud.address, USER), CREDENTIALS)
    (share,) = there.shares("Sent by mail/film (1).mp4")
    there.line.close()
    last = datetime.date.fromisoformat(share.expires)
    assert 29 <= (last - datetime.datetime.now().astimezone().date()).days <= 30
    # The letter has the link, above the signature, and no file.
    _recipients, raw = mail.smtp.messages[0]
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    plain, html = (part.get_content() for part in letter.iter_parts())
    above, _, below = plain.replace("\r\n", "\n").partition("\n-- \n")
    for words in ("Here it is.", "film.mp4 (24 MB)", share.url):
        assert words in above
    assert below.strip() == "Alice"
    assert f'<a href="{share.url}">{share.url}</a>' in html
    session.wait_for(f"len({_WRITE}.windows) == 0")


def _close_instead(session: LedSession, cloud: CloudServer, film: Path) -> None:
    folder = cloud.folder / "Sent by mail"
    folder.chmod(0o500)
    session.do(f"{_WRITE}.to_address(session._mail.desk().mail.accounts[0].account_id, 'mailto:')")
    session.do(f"{_WINDOW}.subject.setText('Later')\n{_WINDOW}.files.attach([{str(film)!r}])")
    session.do(f"{_ROW}.send.click()")
    session.wait_for(f"{_ROW}.again.isVisible()")
    assert any(cloud.uploads.iterdir())
    session.do(f"{_WINDOW}.close()")
    # Nothing half is left on the one server, and the draft is on the other.
    assert wait_until(lambda: not any(cloud.uploads.iterdir()))
    folder.chmod(0o700)
    assert {file.name for file in folder.iterdir()} == {"film.mp4", "film (1).mp4"}
    box = f"{PANEL}.box"
    session.do(f"window.body.side.show_part('mail')\n{box}.show_folder({box}.account_id, 'Drafts')")
    session.wait_for(f"len({box}.model.uids) == 1")
