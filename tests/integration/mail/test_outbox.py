"""Sending: nothing is lost and nothing is sent twice, whenever the connection or we break off."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.dovecot import PASSWORD, Dovecot, dovecot
from support.mail_servers import SmtpServer, smtp_server
from support.mail_way import ACCOUNT, NAMES, Cables, Passwords

from myco_browser.domain.mail import Draft, Person
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.writing import build, envelope_of, new_message_id
from myco_browser.services.mail_outbox import KeptDraft, Outbox, OutLetter, OutState
from myco_browser.services.mail_sender import Sender

_DEADLINE_S = 30
_ROOT = Path(__file__).parents[3]


def _report(_what: object) -> None:
    pytest.fail("the outbox was broken")


class Tray:
    """An outbox with its thread, and what it said."""

    def __init__(self, path: Path, cables: Cables) -> None:
        self._news: queue.SimpleQueue[tuple[OutLetter, ...]] = queue.SimpleQueue()
        self.sender = Sender(
            path, cables.way(), Passwords(), lambda _id: ACCOUNT, self._news.put, _report
        )
        self.sender.start()

    def put(self, letter: OutLetter, raw: bytes) -> None:
        """Adds a message."""
        self.sender.ask(lambda outbox: outbox.put(letter, raw), lambda _none: None)

    def wait(self, until: Callable[[tuple[OutLetter, ...]], bool]) -> tuple[OutLetter, ...]:
        """Until the outbox is so."""
        deadline = time.monotonic() + _DEADLINE_S
        while True:
            letters = self._news.get(timeout=max(0.1, deadline - time.monotonic()))
            if until(letters):
                return letters


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    """A Dovecot."""
    with dovecot(*NAMES) as made:
        yield made


@pytest.fixture
def smtp(imap: Dovecot) -> Iterator[SmtpServer]:
    """A server for sending."""
    with smtp_server(imap.authority, PASSWORD, *NAMES) as made:
        yield made


@pytest.fixture
def cables(imap: Dovecot, smtp: SmtpServer) -> Iterator[Cables]:
    """Connections to both."""
    made = Cables(imap, smtp)
    yield made
    made.cut()


def _letter(subject: str = "Hello") -> tuple[OutLetter, bytes]:
    draft = Draft(
        "a", (Person("Bob", "bob@far.test"),), bcc=(Person("", "eve@far.test"),), subject=subject,
        text="Hi",
    )  # fmt: skip
    identity = new_message_id(ACCOUNT)
    raw = build(draft, ACCOUNT, identity, 1_795_000_000)
    letter = OutLetter(
        identity[1:9], "a", envelope_of(draft), subject, identity, OutState.WAITING, 0.0, 0, ""
    )
    return letter, raw


def _sent(cables: Cables) -> list[str]:
    session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    session.select("Sent")
    found = [one.message_id for one in session.summaries(session.uids())]
    session.close()
    return found


def test_a_message_is_sent_once_and_copied_once(
    tmp_path: Path, cables: Cables, smtp: SmtpServer
) -> None:
    tray = Tray(tmp_path / "outbox.sqlite", cables)
    letter, raw = _letter()
    tray.put(letter, raw)
    tray.wait(lambda letters: any(one.state is OutState.SENT for one in letters))
    tray.wait(lambda letters: letters == ())
    tray.sender.end()
    assert [recipients for recipients, _raw in smtp.messages] == [["bob@far.test", "eve@far.test"]]
    arrived = smtp.messages[0][1]
    assert arrived == raw
    assert b"eve" not in arrived
    head = arrived.partition(b"\r\n\r\n")[0]
    assert b"+0000" in head
    for word in (
        b"User-Agent",
        b"X-Mailer",
        b"Disposition-Notification",
        os.uname().nodename.encode(),
    ):
        assert word not in head
    # The greeting does not name this computer either, nor does the message's own name.
    greetings = {one.lower() for one in smtp.commands if one[:4].lower() in ("ehlo", "helo")}
    assert greetings == {"ehlo [127.0.0.1]"}
    assert re.search(rb"(?im)^Message-ID: <[0-9a-f]{32}@coop\.test>\r?$", head)
    assert _sent(cables) == [letter.message_id]


def test_a_server_that_copies_by_itself_gets_no_second_copy(tmp_path: Path, cables: Cables) -> None:
    letter, raw = _letter()
    session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    session.append("Sent", raw, [])
    session.close()
    tray = Tray(tmp_path / "outbox.sqlite", cables)
    tray.put(letter, raw)
    tray.wait(lambda letters: any(one.state is OutState.SENT for one in letters))
    tray.wait(lambda letters: letters == ())
    tray.sender.end()
    assert _sent(cables) == [letter.message_id]


@pytest.mark.parametrize(
    ("cut", "state", "arrivals"),
    [
        ("EHLO", OutState.WAITING, 0),
        ("MAIL", OutState.WAITING, 0),
        ("RCPT", OutState.WAITING, 0),
        ("DATA", OutState.WAITING, 0),
        ("BEFORE-TAKING", OutState.DOUBT, 0),
        ("AFTER-TAKING", OutState.DOUBT, 1),
    ],
)
def test_wherever_the_connection_breaks_nothing_is_sent_twice(
    tmp_path: Path, cables: Cables, smtp: SmtpServer, cut: str, state: OutState, arrivals: int
) -> None:
    smtp.cut_at.append(cut)
    tray = Tray(tmp_path / "outbox.sqlite", cables)
    letter, raw = _letter()
    tray.put(letter, raw)
    left = tray.wait(
        lambda letters: any(
            one.state is state and (one.tries or state is OutState.DOUBT) for one in letters
        )
    )
    assert [one.subject for one in left] == ["Hello"]
    tray.sender.end()
    assert len(smtp.messages) == arrivals


def test_refusals_are_told_and_kept(tmp_path: Path, cables: Cables, smtp: SmtpServer) -> None:
    smtp.refuse["MAIL"] = "550 not you"
    tray = Tray(tmp_path / "outbox.sqlite", cables)
    tray.put(*_letter())
    (left,) = tray.wait(lambda letters: any(one.state is OutState.REFUSED for one in letters))
    assert "not you" in left.problem
    tray.sender.end()


_KILLED = """
import sys, threading
from support.mail_way import ACCOUNT, Cables, Passwords
from support.dovecot import Dovecot
from support.mail_servers import SmtpServer
from myco_browser.services.mail_sender import Sender
from pathlib import Path
folder, imaps, port, authority = sys.argv[1:]
imap = Dovecot(Path(folder), int(imaps), 0, 0, None, Path(authority))
cables = Cables(imap, SmtpServer(int(port), ""))
sender = Sender(Path(folder) / "outbox.sqlite", cables.way(), Passwords(), lambda _: ACCOUNT,
                lambda _: None, lambda _: None)
sender.start()
threading.Event().wait(60)
"""


def test_killed_while_sending_is_not_sent_again_by_itself(
    tmp_path: Path, imap: Dovecot, cables: Cables, smtp: SmtpServer
) -> None:
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path, _report)
    letter, raw = _letter()
    outbox.put(letter, raw)
    outbox.close()
    packages = os.pathsep.join(
        str(_ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")
    )
    # It hangs after the last byte: the server never answers, and we are killed meanwhile.
    smtp.hold.set()
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path), str(imap.imaps), str(smtp.port),
         str(imap.authority_file)],
        env={**os.environ, "PYTHONPATH": packages},
    )  # fmt: skip
    assert smtp.arrived.wait(_DEADLINE_S)
    process.send_signal(signal.SIGKILL)
    process.wait()
    smtp.hold.clear()
    assert len(smtp.messages) == 1
    tray = Tray(path, cables)
    tray.wait(lambda letters: any(one.state is OutState.DOUBT for one in letters))
    tray.sender.end()
    assert len(smtp.messages) == 1


def test_a_draft_comes_to_the_server_and_replaces_the_older_one(
    tmp_path: Path, cables: Cables
) -> None:
    tray = Tray(tmp_path / "outbox.sqlite", cables)
    identity = new_message_id(ACCOUNT)

    def wait_for(subject: str) -> None:
        deadline = time.monotonic() + _DEADLINE_S
        while True:
            session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
            session.select("Drafts")
            found = [one.subject for one in session.summaries(session.uids())]
            session.close()
            if found == ([subject] if subject else []):
                return
            assert time.monotonic() < deadline, found

    for subject in ("first", "second"):
        raw = build(Draft("a", subject=subject), ACCOUNT, identity, 0.0)
        kept = KeptDraft("d", "a", identity, raw)
        tray.sender.ask(lambda outbox, one=kept: outbox.keep_draft(one), lambda _none: None)  # type: ignore[misc]
        wait_for(subject)
    # Thrown away: the server forgets it too.
    gone = KeptDraft("d", "a", identity, b"")
    tray.sender.ask(lambda outbox: outbox.keep_draft(gone), lambda _none: None)
    wait_for("")
    tray.sender.end()
    outbox = Outbox(tmp_path / "outbox.sqlite", _report)
    assert outbox.drafts() == ()
    outbox.close()
