"""What is kept of a folder follows the server: arrivals, flags, removals, and a new numbering."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import PASSWORD, Dovecot, dovecot, message
from support.mail_way import ACCOUNT, NAMES, Cables, Passwords

from myco_browser.domain.mail import FLAGGED, SEEN, Role
from myco_browser.mail.errors import ActionError
from myco_browser.mail.imap import ImapSession
from myco_browser.services import mail_jobs
from myco_browser.services.mail_acts import Act, ActKind
from myco_browser.services.mail_outbox import acts_at
from myco_browser.services.mail_post import Desk
from myco_browser.services.mail_store import MailStore


def _trashed(path: str, uid: int) -> Act:
    return Act(f"{path}-{uid}", "a", path, 0, (uid,), ActKind.MOVE, Role.TRASH.name, "Trash")


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot."""
    with dovecot(*NAMES) as made:
        yield made


@pytest.fixture
def cables(server: Dovecot) -> Iterator[Cables]:
    """Connections to it."""
    made = Cables(server)
    yield made
    made.cut()


@pytest.fixture
def desk(tmp_path: Path, cables: Cables) -> Iterator[Desk]:
    """The desk of an account."""
    store = MailStore(tmp_path / "a.sqlite", lambda _what: pytest.fail("broken"))
    acts = acts_at(tmp_path / "outbox.sqlite", lambda _what: pytest.fail("broken"))
    made = Desk(ACCOUNT, cables.way(), Passwords(), store, acts)
    yield made
    made.hang_up(politely=True)
    store.close()
    acts.close()


def test_a_folder_follows_the_server(server: Dovecot, cables: Cables, desk: Desk) -> None:
    server.deliver(ACCOUNT.address, *(message(number) for number in range(6)))
    assert list(mail_jobs.fresh_view(desk, "INBOX").uids) == [1, 2, 3, 4, 5, 6]
    assert len(mail_jobs.rows(desk, "INBOX", [1, 2, 3, 4, 5, 6])) == 6
    other = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    other.select("INBOX")
    other.set_flags([2], [SEEN, FLAGGED], on=True)
    other.remove([3, 4])
    server.deliver(ACCOUNT.address, message(7))
    other.close()
    view = mail_jobs.fresh_view(desk, "INBOX")
    assert list(view.uids) == [1, 2, 5, 6, 7]
    assert {SEEN, FLAGGED} <= view.flags[2]
    # What is kept says the same, without the server.
    assert list(mail_jobs.kept_view(desk, "INBOX").uids) == [1, 2, 5, 6, 7]
    assert not desk.store.summaries("INBOX", [2])[2].unread
    assert desk.store.summaries("INBOX", [3]) == {}
    # Nothing new: the same list, and no flags.
    again = mail_jobs.fresh_view(desk, "INBOX")
    assert (list(again.uids), again.flags) == ([1, 2, 5, 6, 7], {})


def test_a_folder_that_is_numbered_anew_is_read_anew(server: Dovecot, desk: Desk) -> None:
    server.deliver(ACCOUNT.address, message(1, "old"))
    mail_jobs.fresh_view(desk, "INBOX")
    mail_jobs.rows(desk, "INBOX", [1])
    server.stop()
    folder = server.base / "mail" / ACCOUNT.address
    for path in folder.rglob("dovecot*"):
        path.unlink()
    for path in [*folder.glob("cur/*"), *folder.glob("new/*")]:
        path.unlink()
    server.start()
    server.deliver(ACCOUNT.address, message(2, "new"))
    desk.hang_up()
    view = mail_jobs.fresh_view(desk, "INBOX")
    found = mail_jobs.rows(desk, "INBOX", list(view.uids))
    assert [one.subject for one in found.values()] == ["new"]


def test_acts_reach_the_server(server: Dovecot, cables: Cables, desk: Desk) -> None:
    server.deliver(ACCOUNT.address, *(message(n, f"m{n}", "needle\r\n") for n in range(3)))
    mail_jobs.folders(desk)
    mail_jobs.fresh_view(desk, "INBOX")
    mail_jobs.rows(desk, "INBOX", [1, 2, 3])
    desk.acts.put(_trashed("INBOX", 2))
    mail_jobs.perform_acts(desk)
    assert mail_jobs.search(desk, "INBOX", "needle") == [1, 3]
    assert mail_jobs.search(desk, "INBOX", ") DELETE (") == []
    other = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    other.select("Trash")
    assert [one.subject for one in other.summaries(other.uids())] == ["m1"]
    other.close()
    # In the bin, deleting is for good.
    mail_jobs.fresh_view(desk, "Trash")
    desk.acts.put(_trashed("Trash", 1))
    mail_jobs.perform_acts(desk)
    assert list(mail_jobs.fresh_view(desk, "Trash").uids) == []
    with pytest.raises(ActionError):
        mail_jobs.read(desk, "INBOX", 2, remote=False)


def test_recent_messages_are_there_without_the_server(
    server: Dovecot, cables: Cables, desk: Desk
) -> None:
    server.deliver(ACCOUNT.address, *(message(n, f"m{n}", f"word{n}\r\n") for n in range(25)))
    mail_jobs.fresh_view(desk, "INBOX")
    while mail_jobs.prefetch(desk, "INBOX"):
        pass
    desk.hang_up()
    server.stop()
    assert mail_jobs.read(desk, "INBOX", 7, remote=False).text.strip() == "word6"
    assert mail_jobs.search(desk, "INBOX", "word20") == [21]
    assert len(mail_jobs.rows(desk, "INBOX", list(range(1, 26)))) == 25
    cables.cut()
    # Older ones are let go.
    desk.store.forget_sources(1 << 40)
    assert desk.store.source("INBOX", 7) is None


def test_a_folder_opened_before_the_folders_are_listed_is_kept(server: Dovecot, desk: Desk) -> None:
    server.deliver(ACCOUNT.address, message(1))
    mail_jobs.fresh_view(desk, "INBOX")
    mail_jobs.folders(desk)
    assert list(mail_jobs.kept_view(desk, "INBOX").uids) == [1]
    assert mail_jobs.kept_folders(desk)[0].role is Role.INBOX


def _answer(number: int, to: int) -> bytes:
    return message(number).replace(
        b"\r\n\r\n", f"\r\nReferences: <{to}@far.test>\r\n\r\n".encode(), 1
    )


def test_conversations_come_from_the_server_and_are_kept(server: Dovecot, desk: Desk) -> None:
    server.deliver(ACCOUNT.address, message(1), message(2), _answer(3, 1))
    assert mail_jobs.fresh_view(desk, "INBOX").conversations == ((1, 3),)
    assert desk.session().can_thread
    server.deliver(ACCOUNT.address, _answer(4, 3))
    assert mail_jobs.fresh_view(desk, "INBOX").conversations == ((1, 3, 4),)
    assert mail_jobs.kept_view(desk, "INBOX").conversations == ((1, 3, 4),)
    assert mail_jobs.conversations(desk, "INBOX") is None
    # What is kept of another list does not count.
    desk.store.keep_threads("INBOX", b"")
    assert mail_jobs.conversations(desk, "INBOX") == ((1, 3, 4),)
    assert mail_jobs.fresh_view(desk, "INBOX").conversations == ((1, 3, 4),)


def test_without_the_server_conversations_come_from_what_is_known(tmp_path: Path) -> None:
    with dovecot(*NAMES, capability="IMAP4rev1 LITERAL+ IDLE UIDPLUS") as old:
        cables = Cables(old)
        store = MailStore(tmp_path / "b.sqlite", lambda _what: pytest.fail("broken"))
        acts = acts_at(tmp_path / "outbox.sqlite", lambda _what: pytest.fail("broken"))
        work = Desk(ACCOUNT, cables.way(), Passwords(), store, acts)
        old.deliver(ACCOUNT.address, message(1), message(2), _answer(3, 1))
        view = mail_jobs.fresh_view(work, "INBOX")
        mail_jobs.rows(work, "INBOX", list(view.uids))
        assert mail_jobs.fresh_view(work, "INBOX").conversations == ((1, 3),)
        work.hang_up()
        store.close()
        acts.close()
        cables.cut()


def test_a_file_of_an_older_version_is_completed(tmp_path: Path) -> None:
    import sqlite3

    from myco_browser.services.mail_store import _SCHEMA

    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(f"{_SCHEMA}; PRAGMA user_version = 1")
        connection.execute("INSERT INTO allowed VALUES ('shop@far.test')")
    connection.close()
    store = MailStore(path, lambda _what: pytest.fail("set aside"))
    assert store.is_allowed("shop@far.test")
    assert store.threads("INBOX") == b""
    store.close()
