"""The watch of an account at a real Dovecot that is restarted and cut off under it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from support.dovecot import Dovecot, dovecot, message
from support.mail_way import ACCOUNT, NAMES, Cables, Passwords

from myco_browser.domain.mail import (
    Backoff,
    MailState,
    RefusalCause,
    Refused,
    Summary,
    Watching,
)
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.imap_answers import Counts
from myco_browser.services.mail_watch import Watcher

_DEADLINE_S = 30


class Heard:
    """Everything that the watch told; waits for what is to come."""

    def __init__(self) -> None:
        self.states: list[MailState] = []
        self.new: list[str] = []
        self.unread = -1
        self.counts: dict[str, Counts] = {}
        self.places: list[tuple[str, str]] = []
        self._news = threading.Condition()

    def state_changed(self, _account_id: str, state: MailState) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def counted(self, _account_id: str, path: str, counts: Counts) -> None:
        with self._news:
            self.counts[path] = counts
            if path == "INBOX":
                self.unread = counts.unread
            self._news.notify_all()

    def arrived(self, _account_id: str, path: str, new: Sequence[Summary]) -> None:
        with self._news:
            self.places += [(path, one.subject) for one in new]
            self.new += [one.subject for one in new]
            self._news.notify_all()

    def changed(self, _account_id: str, _path: str) -> None:
        """Of no interest here."""

    def wait(self, until: Callable[[], bool], seconds: float = _DEADLINE_S) -> None:
        """Until it is so."""
        with self._news:
            assert self._news.wait_for(until, seconds), (self.states, self.new)


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot for one test."""
    with dovecot(*NAMES) as made:
        yield made


@pytest.fixture
def cables(server: Dovecot) -> Iterator[Cables]:
    """Connections to it."""
    made = Cables(server)
    yield made
    made.cut()


def _watch(cables: Cables, heard: Heard, password: str | None = None) -> Watcher:
    passwords = Passwords() if password is None else Passwords(password)
    return Watcher(ACCOUNT, cables.way(), passwords, heard, lambda: 0.0)


def test_none_is_lost_and_none_told_twice(server: Dovecot, cables: Cables) -> None:
    heard = Heard()
    watcher = _watch(cables, heard)
    watcher.start()
    try:
        heard.wait(lambda: Watching() in heard.states)
        sent: list[str] = []
        for turn in range(8):
            subjects = [f"{turn}-{number}" for number in range(5)]
            if turn % 4 == 1:
                server.stop()
                server.start()
            server.deliver(ACCOUNT.address, *(message(n, s) for n, s in enumerate(subjects)))
            if turn % 4 == 3:
                cables.cut()
            sent += subjects
            watcher.retry()
        heard.wait(lambda: len(heard.new) >= len(sent))
        heard.wait(lambda: heard.unread == len(sent))
        assert sorted(heard.new) == sorted(sent)
        # Trouble of the server is never taken for a wrong password.
        assert not any(isinstance(state, Refused) for state in heard.states)
    finally:
        watcher.end()


def test_unread_count_follows_the_server(server: Dovecot, cables: Cables) -> None:
    heard = Heard()
    server.deliver(ACCOUNT.address, message(1), message(2), message(3))
    watcher = _watch(cables, heard)
    watcher.start()
    try:
        heard.wait(lambda: heard.unread == 3)
        assert heard.new == []
        # Somebody reads one in another program, and removes another.
        other = ImapSession(cables.way(), ACCOUNT, Passwords().password)
        other.select("INBOX")
        other.set_flags([1], ["\\Seen"], on=True)
        heard.wait(lambda: heard.unread == 2)
        other.remove([2])
        heard.wait(lambda: heard.unread == 1)
        other.close()
    finally:
        watcher.end()


def test_what_is_told_beside_an_answer_is_not_lost(
    server: Dovecot, cables: Cables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by another program in the moment after the messages were counted."""
    heard = Heard()
    server.deliver(ACCOUNT.address, message(1), message(2))
    count = ImapSession.counts
    read: list[int] = []

    def counts(session: ImapSession, path: str) -> Counts:
        found = count(session, path)
        if path == "INBOX" and not read:
            read.append(1)
            other = ImapSession(cables.way(), ACCOUNT, Passwords().password)
            other.select("INBOX")
            other.set_flags([1], ["\\Seen"], on=True)
            other.close()
            session.ask_for_news()
        return found

    monkeypatch.setattr(ImapSession, "counts", counts)
    watcher = _watch(cables, heard)
    watcher.start()
    try:
        # Before the server says by itself that it is still there, and all is looked at again.
        heard.wait(lambda: heard.unread == 1, 15)
        assert not any(isinstance(state, Backoff) for state in heard.states)
    finally:
        watcher.end()


def test_every_folder_is_told_of_by_the_server_itself(server: Dovecot, cables: Cables) -> None:
    account = replace(ACCOUNT, told_folders=("INBOX", "Junk"))
    heard = Heard()
    watcher = Watcher(account, cables.way(), Passwords(), heard, lambda: 0.0)
    watcher.start()
    try:
        heard.wait(lambda: heard.states[-1:] == [Watching()])
        other = ImapSession(cables.way(), ACCOUNT, Passwords().password)
        # Nobody asks for the counts: the next time would be in 25 minutes (NOTIFY, RFC 5465).
        other.append("Junk", message(1, "told"), [])
        heard.wait(lambda: ("Junk", "told") in heard.places)
        heard.wait(lambda: heard.counts["Junk"].unread == 1)
        other.append("Archive", message(2, "only counted"), [])
        heard.wait(lambda: heard.counts["Archive"].total == 1)
        other.select("Junk")
        other.set_flags([1], ["\\Seen"], on=True)
        heard.wait(lambda: heard.counts["Junk"].unread == 0)
        other.close()
        # The inbox is still watched, and what came while the connection was away is told.
        server.deliver(ACCOUNT.address, message(3, "inbox"))
        heard.wait(lambda: ("INBOX", "inbox") in heard.places)
        cables.cut()
        again = ImapSession(cables.way(), ACCOUNT, Passwords().password)
        again.append("Junk", message(4, "meanwhile"), [])
        watcher.retry()
        heard.wait(lambda: ("Junk", "meanwhile") in heard.places)
        again.close()
        assert [place for place, _subject in heard.places] == ["Junk", "INBOX", "Junk"]
    finally:
        watcher.end()


def test_without_being_told_the_folders_are_asked_for() -> None:
    account = replace(ACCOUNT, told_folders=("Junk",))
    with dovecot(*NAMES, capability="IMAP4rev1 IDLE UIDPLUS LITERAL+") as old:
        cables, heard = Cables(old), Heard()
        watcher = Watcher(account, cables.way(), Passwords(), heard, lambda: 0.0)
        watcher.start()
        try:
            heard.wait(lambda: "Junk" in heard.counts)
            other = ImapSession(cables.way(), ACCOUNT, Passwords().password)
            other.append("Junk", message(1, "swept"), [])
            other.close()
            # Made anew, a connection asks for the counts at once.
            watcher.retry()
            heard.wait(lambda: ("Junk", "swept") in heard.places)
            assert heard.counts["Junk"].unread == 1
        finally:
            watcher.end()
            cables.cut()


def test_a_wrong_password_is_tried_once(cables: Cables) -> None:
    heard = Heard()
    watcher = _watch(cables, heard, "wrong")
    watcher.start()
    try:
        heard.wait(lambda: Refused(RefusalCause.PASSWORD) in heard.states)
        dialled = len(cables.open)
        assert dialled == 1
        # Only when the user did something it is tried again.
        watcher.retry()
        heard.wait(lambda: heard.states.count(Refused(RefusalCause.PASSWORD)) == 2)
        assert len(cables.open) == 2
    finally:
        watcher.end()


def test_a_server_that_is_away_is_tried_later_each_time(server: Dovecot, cables: Cables) -> None:
    heard = Heard()
    server.stop()
    watcher = _watch(cables, heard)
    watcher.start()
    try:
        heard.wait(lambda: sum(isinstance(s, Backoff) for s in heard.states) >= 2)
        waits = [one.seconds for one in heard.states if isinstance(one, Backoff)]
        assert waits[1] == 2 * waits[0]
        server.start()
        watcher.retry()
        heard.wait(lambda: Watching() in heard.states)
    finally:
        watcher.end()
