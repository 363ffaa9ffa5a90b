"""A process that moves, flags, drafts and sends mail is killed at any moment; the rest is judged.

As a program: python -m support.killed_mail FOLDER IMAPS SMTP AUTHORITY TASKS
"""

from __future__ import annotations

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from support.dovecot import PASSWORD, Dovecot, message
from support.mail_servers import SmtpServer
from support.mail_way import ACCOUNT, Cables, Passwords

from myco_browser.domain.mail import FLAGGED, Account, Draft, Person, Role
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.writing import build, build_draft, new_message_id
from myco_browser.services import mail_jobs
from myco_browser.services.mail_acts import Act, ActKind
from myco_browser.services.mail_outbox import KeptDraft, Outbox, OutLetter, OutState
from myco_browser.services.mail_post import Post
from myco_browser.services.mail_sender import Sender

_ROOT = Path(__file__).parents[2]
_PLACES = {Role.ARCHIVE: "Archive", Role.TRASH: "Trash", Role.JUNK: "Junk"}
_PATIENCE_S = 60.0

Task = dict[str, Any]


class _Found(NamedTuple):
    """A message on the server."""

    path: str
    identity: str
    subject: str
    flags: frozenset[str]


class KilledMail:
    """One mailbox, and what a process did to it that was killed again and again."""

    def __init__(
        self, folder: Path, imap: Dovecot, smtp: SmtpServer, chance: random.Random, count: int
    ) -> None:
        self._folder = folder
        self._imap = imap
        self._smtp = smtp
        self._chance = chance
        self._left = list(range(1, count + 1))
        self._count = count
        self._next = 0
        self._offered: set[str] = set()
        self.kept: list[Task] = []
        """What the process said to be kept before it was killed."""
        imap.deliver(ACCOUNT.address, *(message(number) for number in range(count)))

    def kill_once(self) -> None:
        """Lets the process work, and kills it after a random while."""
        tasks = [self._task() for _number in range(12)]
        process = self._start(tasks)
        assert process.stdout is not None
        # From its first word on: it may be killed before anything was done, or after everything.
        killer = threading.Timer(self._chance.random() * 0.35, process.kill)
        try:
            for line in process.stdout:
                if line.startswith(b"ready"):
                    killer.start()
                elif line.startswith(b"kept "):
                    self.kept.append(json.loads(line[5:]))
                elif line.startswith(b"idle"):
                    process.send_signal(signal.SIGKILL)
        finally:
            killer.cancel()
            process.kill()
            process.wait()
            process.stdout.close()

    def finish(self) -> list[str]:
        """Lets the process end what was begun; sentences about what is wrong then."""
        process = self._start([])
        out, _none = process.communicate(timeout=_PATIENCE_S)
        wrong = [] if b"idle" in out else [f"the last process did not come to an end: {out!r}"]
        cables = Cables(self._imap, self._smtp)
        session = ImapSession(cables.way(), ACCOUNT, PASSWORD)
        found: list[_Found] = []
        for path in ("INBOX", "Archive", "Trash", "Junk", "Sent", "Drafts"):
            session.select(path, readonly=True)
            for one in session.summaries(session.uids()):
                found.append(_Found(path, one.message_id, one.subject, one.flags))
        session.close()
        cables.cut()
        outbox = Outbox(self._folder / "outbox.sqlite", lambda what: wrong.append(repr(what)))
        waiting = {one.message_id: one.state for one in outbox.all()}
        if outbox.acts.of(ACCOUNT.account_id) or outbox.drafts():
            wrong.append("something is still to be done")
        outbox.close()
        return [*wrong, *self._acts(found), *self._letters(found, waiting), *self._drafts(found)]

    def _acts(self, found: list[_Found]) -> Iterator[str]:
        """What is wrong with the messages that came."""
        for number in range(self._count):
            times = sum(one.identity == f"<{number}@far.test>" for one in found)
            if times != 1:
                yield f"message {number} is there {times} times"
        for task in self.kept:
            identity = f"<{task.get('uid', 0) - 1}@far.test>"
            these = [one for one in found if one.identity == identity]
            if task["kind"] == "move" and these[:1] != [
                one for one in these if one.path == _PLACES[Role[task["role"]]]
            ]:
                yield f"the move of {task['uid']} was lost"
            if task["kind"] == "flag" and not all(FLAGGED in one.flags for one in these):
                yield f"the star of {task['uid']} was lost"

    def _letters(self, found: list[_Found], waiting: dict[str, OutState]) -> Iterator[str]:
        """What is wrong with what was sent."""
        arrived = Counter(_identity(raw) for _to, raw in self._smtp.messages)
        yield from (f"{one} was sent {n} times" for one, n in arrived.items() if n > 1)
        for one in self._sent:
            state = waiting.get(one)
            copies = Counter(it.path for it in found if it.identity == one)
            if arrived[one] == 0 and state is not OutState.DOUBT:
                yield f"letter {one} was lost ({state})"
            if state is None and copies != {"Sent": 1}:
                yield f"letter {one} was sent, and is in {copies}"

    def _drafts(self, found: list[_Found]) -> Iterator[str]:
        """What is wrong with the drafts."""
        versions = {one["id"]: one["version"] for one in self.kept if one["kind"] == "draft"}
        for identity, version in versions.items():
            these = [one for one in found if one.identity == identity and one.path == "Drafts"]
            if identity in self._offered:
                continue
            if len(these) != 1:
                yield f"draft {identity} is there {len(these)} times"
            elif int(these[0].subject.rpartition(" ")[2]) < version:
                yield f"draft {identity} is an older one: {these[0].subject}"

    @property
    def _sent(self) -> set[str]:
        return {one["id"] for one in self.kept if one["kind"] == "send"}

    def _task(self) -> Task:
        chance = self._chance
        kind = chance.choice(("move", "move", "flag", "draft", "draft", "send"))
        if kind in ("move", "flag") and self._left:
            uid = chance.choice(self._left)
            if kind == "flag":
                return {"kind": "flag", "uid": uid}
            self._left.remove(uid)
            return {"kind": "move", "uid": uid, "role": chance.choice(list(_PLACES)).name}
        self._next += 1
        known = [one["id"] for one in self.kept if one["kind"] == "draft"]
        known = [one for one in known if one not in self._offered]
        identity = chance.choice(known) if known and chance.random() < 0.5 else ""
        identity = identity or new_message_id(ACCOUNT)
        what = "send" if kind == "send" else "draft"
        if what == "send":
            self._offered.add(identity)
        return {"kind": what, "id": identity, "version": self._next}

    def _start(self, tasks: list[Task]) -> subprocess.Popen[bytes]:
        packages = (_ROOT / part for part in (".", "filters", "vpn", "resources", "tests"))
        arguments = [str(self._folder), str(self._imap.imaps), str(self._smtp.port)]
        return subprocess.Popen(
            [sys.executable, "-m", "support.killed_mail", *arguments,
             str(self._imap.authority_file), json.dumps(tasks)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, packages))},
            stdout=subprocess.PIPE,
        )  # fmt: skip


def _identity(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0]
    return head.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()


class _Work:
    """What the process does."""

    def __init__(self, folder: Path, cables: Cables) -> None:
        path = folder / "outbox.sqlite"
        self._news: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._letters: tuple[OutLetter, ...] = ()
        self._sender = Sender(
            path, cables.way(), Passwords(), _find, self._changed, lambda what: print(what)
        )
        self._post = Post(
            ACCOUNT, cables.way(), Passwords(), folder / "a.sqlite", path, self._deliver, print
        )
        self._path = path

    def _changed(self, letters: tuple[OutLetter, ...]) -> None:
        self._letters = letters
        self._news.put(None)

    def _deliver(self, act: Any) -> None:
        act()
        self._news.put(None)

    def run(self, tasks: list[Task]) -> None:
        """Does everything, then waits until nothing is left to be done."""
        self._sender.start()
        self._post.ask(mail_jobs.folders)
        self._perform()
        print("ready", flush=True)
        for task in tasks:
            self._sender.ask(
                lambda outbox, one=task: _keep(outbox, one),  # type: ignore[misc]
                lambda _none, one=task: self._kept(one),  # type: ignore[misc]
            )
        outbox = Outbox(self._path, lambda what: print(what))
        while True:
            busy = [one for one in outbox.all() if one.state is not OutState.DOUBT]
            if not busy and not outbox.drafts() and not outbox.acts.of(ACCOUNT.account_id):
                break
            self._news.get(timeout=_PATIENCE_S)
        print("idle", flush=True)

    def _kept(self, task: Task) -> None:
        print("kept", json.dumps(task), flush=True)
        if task["kind"] in ("move", "flag"):
            self._perform()

    def _perform(self) -> None:
        self._post.ask(mail_jobs.perform_acts, lambda _done: None, lambda error: print(repr(error)))


def _find(_account_id: str) -> Account:
    return ACCOUNT


def _keep(outbox: Outbox, task: Task) -> None:
    account = ACCOUNT.account_id
    if task["kind"] == "move":
        name = f"move-{task['uid']}"
        act = Act(name, account, "INBOX", 0, (task["uid"],), ActKind.MOVE, task["role"])
        outbox.acts.put(act)
    elif task["kind"] == "flag":
        name = f"flag-{task['uid']}-{os.urandom(4).hex()}"
        outbox.acts.put(Act(name, account, "INBOX", 0, (task["uid"],), ActKind.FLAG, FLAGGED))
    else:
        draft = Draft(
            account, (Person("", "bob@far.test"),), subject=f"Version {task['version']}", text="x"
        )
        identity = task["id"]
        if task["kind"] == "draft":
            raw = build_draft(draft, ACCOUNT, identity, {"To": "bob@far.test"})
            outbox.keep_draft(KeptDraft(identity, account, identity, raw))
        else:
            raw = build(draft, ACCOUNT, identity, 1_795_000_000)
            to, waiting = ("bob@far.test",), OutState.WAITING
            outbox.put(
                OutLetter(identity, account, to, draft.subject, identity, waiting, 0.0, 0, ""), raw
            )


def _main() -> None:
    folder, imaps, smtp, authority, tasks = sys.argv[1:]
    imap = Dovecot(Path(folder), int(imaps), 0, 0, None, Path(authority))  # type: ignore[arg-type]
    _Work(Path(folder), Cables(imap, SmtpServer(int(smtp), ""))).run(json.loads(tasks))
    os._exit(0)


if __name__ == "__main__":
    _main()
