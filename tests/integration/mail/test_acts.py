"""What is done to messages reaches the server once, whatever happens in between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import PASSWORD, Dovecot, dovecot, message
from support.killed_mail import KilledMail
from support.mail_servers import smtp_server
from support.mail_way import ACCOUNT, NAMES, Cables, Passwords

from myco_browser.domain.mail import FLAGGED, SEEN, Role
from myco_browser.mail.errors import UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.services import mail_jobs
from myco_browser.services.mail_acts import Act, ActKind
from myco_browser.services.mail_outbox import Outbox, acts_at
from myco_browser.services.mail_post import Desk
from myco_browser.services.mail_store import MailStore

_OLD = "IMAP4rev1 LITERAL+ ENABLE IDLE UIDPLUS CONDSTORE"
"""What a server can that cannot move."""


def _report(what: object) -> None:
    pytest.fail(repr(what))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Dovecot, Cables, Desk]]:
    """The desk of an account at a server that can only copy and remove."""
    with dovecot(*NAMES, capability=_OLD) as server:
        cables = Cables(server)
        store = MailStore(tmp_path / "a.sqlite", _report)
        acts = acts_at(tmp_path / "outbox.sqlite", _report)
        made = Desk(ACCOUNT, cables.way(), Passwords(), store, acts)
        yield server, cables, made
        made.hang_up(politely=True)
        store.close()
        acts.close()
        cables.cut()


def _move(uids: tuple[int, ...], uidvalidity: int = 0, name: str = "m") -> Act:
    return Act(name, "a", "INBOX", uidvalidity, uids, ActKind.MOVE, Role.ARCHIVE.name, "Archive")


def _subjects(cables: Cables, path: str) -> list[str]:
    session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    session.select(path)
    found = [one.subject for one in session.summaries(session.uids())]
    session.close()
    return found


def test_a_move_that_broke_off_between_copy_and_removal_makes_no_double(
    desk: tuple[Dovecot, Cables, Desk],
) -> None:
    server, cables, work = desk
    server.deliver(ACCOUNT.address, *(message(number) for number in range(4)))
    mail_jobs.folders(work)
    assert not work.session().can_move
    act = _move((1, 2, 3))
    work.acts.put(act)
    # As far as it came before the end: two of three are copied, none is removed.
    work.acts.begin_copies(act.act_id, work.session().counts("Archive").next_uid)
    work.enter("INBOX").copy([1, 2], "Archive")
    assert mail_jobs.perform_acts(work).done
    assert sorted(_subjects(cables, "Archive")) == ["Message 0", "Message 1", "Message 2"]
    assert _subjects(cables, "INBOX") == ["Message 3"]
    # Done once more, it does nothing.
    work.acts.put(act)
    mail_jobs.perform_acts(work)
    assert len(_subjects(cables, "Archive")) == 3
    assert mail_jobs.kept_acts(work) == ()


def test_acts_wait_for_the_server_and_are_not_done_to_others(
    desk: tuple[Dovecot, Cables, Desk],
) -> None:
    server, cables, work = desk
    server.deliver(ACCOUNT.address, message(1), message(2))
    mail_jobs.folders(work)
    view = mail_jobs.fresh_view(work, "INBOX")
    mail_jobs.rows(work, "INBOX", [1, 2])
    server.stop()
    cables.cut()
    work.hang_up()
    work.acts.put(Act("f", "a", "INBOX", view.uidvalidity, (1,), ActKind.FLAG, SEEN))
    work.acts.put(_move((2,), view.uidvalidity))
    with pytest.raises(UnreachableError):
        mail_jobs.perform_acts(work)
    # Seen here at once, kept for the server.
    assert not work.store.summaries("INBOX", [1])[1].unread
    server.start()
    found = mail_jobs.perform_acts(work, frozenset({"m"}))
    assert [one.act_id for one in found.done] == ["f"]
    assert _subjects(cables, "Archive") == []
    # A folder that was numbered anew has other messages under the same numbers.
    work.acts.put(_move((1,), view.uidvalidity + 1, "strange"))
    found = mail_jobs.perform_acts(work)
    assert [one.act_id for one in found.refused] == ["strange"]
    assert _subjects(cables, "Archive") == ["Message 2"]
    assert _subjects(cables, "INBOX") == ["Message 1"]


@pytest.mark.parametrize("capability", ["", _OLD])
def test_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, capability: str) -> None:
    chance = random.Random()
    with (
        dovecot(*NAMES, capability=capability) as imap,
        smtp_server(imap.authority, PASSWORD, *NAMES) as smtp,
    ):
        mailbox = KilledMail(tmp_path, imap, smtp, chance, 30)
        for _turn in range(3):
            mailbox.kill_once()
        assert mailbox.finish() == []


def test_a_message_that_is_taken_back_is_a_draft_in_the_same_moment(tmp_path: Path) -> None:
    from myco_browser.services.mail_outbox import KeptDraft, OutLetter, OutState

    outbox = Outbox(tmp_path / "outbox.sqlite", _report)
    letter = OutLetter("l", "a", ("b@far.test",), "x", "<1@x>", OutState.WAITING, 1e12, 0, "")
    draft = KeptDraft("d", "a", "<1@x>", b"raw")
    outbox.put(letter, b"raw")
    assert outbox.to_draft("l", draft)
    assert (outbox.all(), outbox.drafts()) == ((), (draft,))
    # What is being sent stays where it is.
    outbox.put(letter, b"raw")
    assert outbox.claim("l")
    assert not outbox.to_draft("l", draft)
    assert len(outbox.all()) == 1
    outbox.close()


def test_flags_are_set_on_the_server(desk: tuple[Dovecot, Cables, Desk]) -> None:
    server, cables, work = desk
    server.deliver(ACCOUNT.address, message(1), message(2))
    work.acts.put(Act("1", "a", "INBOX", 0, (1, 2), ActKind.FLAG, FLAGGED))
    work.acts.put(Act("2", "a", "INBOX", 0, (2,), ActKind.FLAG, FLAGGED, is_on=False))
    assert len(mail_jobs.perform_acts(work).done) == 2
    session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    session.select("INBOX")
    assert [FLAGGED in flags for flags in session.flags().values()] == [True, False]
    session.close()
