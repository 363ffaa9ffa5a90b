"""Contacts in the sidebar: a real browser, its door and Radicale; judged at the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.dav_servers import PASSWORD, USER
from support.radicale_server import Radicale, card, radicale

PANEL = 'window.body.side.part("contacts")'
_PAGE = f"{PANEL}.pages.currentWidget()"
_LIST = f"{PANEL}.everybody"
PHRASE = "correct horse"


@pytest.fixture
def server() -> Iterator[Radicale]:
    """A server with one book of three."""
    with radicale() as running:
        path = running.make_book("friends")
        for number, name in enumerate(("Ada Lovelace", "Bob", "Cléo")):
            running.put(f"{path}{number}.vcf", card(number, name, "X-SHOE:42\r\n"))
        yield running


def names(session: LedSession) -> list[str]:
    """Who is listed."""
    found: list[str] = session.value(f"[c.fields.name for c in {_LIST}.model.contacts]")
    return found


def add_account(session: LedSession, server: Radicale) -> None:
    """Types the address and the password, and waits for everybody."""
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    session.do('window.body.side.show_part("contacts")')
    session.wait_for(f"{_PAGE}.passphrase is not None")
    # It came late, but the Tab key finds it where it stands.
    assert session.value(f"{_PAGE}.password.nextInFocusChain() is {_PAGE}.passphrase")
    session.do(
        f"page = {_PAGE}\n"
        f"page.address.setText({server.address.url!r})\n"
        f"page.user.setText({USER!r})\n"
        f"page.password.setText({PASSWORD!r})\n"
        f"page.passphrase.setText({PHRASE!r})\n"
        "page.button.click()"
    )
    session.wait_for(f"{_PAGE} is {_LIST} or {_PAGE}.report.problem.text()")
    session.wait_for(f"len({_LIST}.model.contacts) == 3")


def open_contact(session: LedSession, name: str) -> None:
    """Shows somebody."""
    session.do(
        f"page = {_LIST}\n"
        f"found = [c for c in page.model.contacts if c.fields.name == {name!r}]\n"
        "page.contact_wanted.emit(found[0])"
    )
    session.wait_for(f"type({_PAGE}).__name__ == 'ContactView'")


def test_contacts_are_found_written_changed_and_deleted(
    rig: BrowserRig, server: Radicale, tmp_path: Path
) -> None:
    session = rig.start()
    add_account(session, server)
    assert names(session) == ["Ada Lovelace", "Bob", "Cléo"]
    session.do(f"{_LIST}.field.setText('cle')")
    assert names(session) == ["Cléo"]
    session.do(f"{_LIST}.field.clear()")
    # Somebody new.
    session.do(f"{_LIST}.new_wanted.emit()")
    after = f"{_PAGE}.phones._rows[0].gone.nextInFocusChain()"
    assert session.value(f"{after} is {_PAGE}.phones._add")
    session.do(
        f"page = {_PAGE}\n"
        "page.given.setText('Dora')\npage.emails._rows[0].field.setText('dora@far.test')\n"
        "page.submit()"
    )
    session.wait_for(f"type({_PAGE}).__name__ == 'ContactView'")
    told = server.ask("PROPFIND", "/alice/friends/", "", {"Depth": "1"})[1]
    assert told.count(".vcf</") == 4
    # A change, while somebody else changes the same: both are kept.
    open_contact(session, "Bob")
    server.put("/alice/friends/1.vcf", card(1, "Bobby"))
    session.do(
        f"{_PAGE}.edit_wanted.emit()\npage = {_PAGE}\npage.note.setPlainText('x')\npage.submit()"
    )
    session.wait_for(f"getattr({PANEL}, 'conflict', None) is not None")
    session.do(f"{PANEL}.conflict.defaultButton().click()")
    session.wait_for(f"type({_PAGE}).__name__ == 'ContactView'")
    assert names(session) == ["Ada Lovelace", "Bob", "Bobby", "Cléo", "Dora"]
    assert "FN:Bobby" in server.get("/alice/friends/1.vcf")
    # Deleting can be undone, and the server has not heard of it until then.
    open_contact(session, "Cléo")
    session.do(f"{_PAGE}.delete_wanted.emit()")
    assert "Cléo" not in names(session)
    assert server.get("/alice/friends/2.vcf")
    session.do(f"{_LIST}.toast._on_undo()")
    assert "Cléo" in names(session)
    open_contact(session, "Cléo")
    session.do(f"{_PAGE}.delete_wanted.emit()\n{_LIST}.toast.flush()")
    session.wait_for(f"len({_LIST}._contacts._hidden) == 0 and len({_LIST}.model.contacts) == 4")
    assert server.get("/alice/friends/2.vcf") == ""
    # A file in, all out; one that is something else is told.
    rubbish = tmp_path / "rubbish.vcf"
    rubbish.write_text("Dear Eve")
    rubbish.chmod(0o644)
    session.do(f"from pathlib import Path\n{_LIST}.bring(Path({str(rubbish)!r}))")
    session.wait_for(f"'no card' in {_LIST}.toast._label.text()")
    brought = tmp_path / "in.vcf"
    brought.write_text(card(50, "Eve"))
    brought.chmod(0o644)
    written = tmp_path / "out"
    written.mkdir(mode=0o777)
    session.do(f"from pathlib import Path\n{_LIST}.bring(Path({str(brought)!r}))")
    session.wait_for(f"len({_LIST}.model.contacts) == 5")
    session.do(f"from pathlib import Path\n{_LIST}.give(Path({str(written / 'all.vcf')!r}))")
    session.wait_for(f"'written' in {_LIST}.toast._label.text()")
    text = (written / "all.vcf").read_text()
    assert text.count("BEGIN:VCARD") == 5
    assert "X-SHOE:42" in text
    # Who writes a message is offered them.
    assert session.value("session._mail.mail().more_people('dor')") == [["Dora", "dora@far.test"]]
    # All of it went through the door, under a word of its own; the password is in no file.
    rows = session.value("[[r.client, r.host] for r in session._context.door.counters()]")
    assert ["contacts", "127.0.0.1"] in rows
    for path in rig.profile.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path
