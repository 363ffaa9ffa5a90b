"""What the user does to messages: kept here first, then done on the server, in this order.

Whenever we are killed, what was kept is done after the next start, and nothing is done twice:
flags and moves (RFC 6851) may be repeated without harm, and where a server can only copy and
remove, it is kept where the copies begin, so that those that are there already are recognised.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple, Protocol

from myco_browser.domain.mail import Folder, Role, Summary
from myco_browser.mail.errors import ActionError, MailError, RefusedError, UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.services.database import Database, Report
from myco_browser.services.mail_store import MailStore

SCHEMA = """
CREATE TABLE IF NOT EXISTS act (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
    path TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uids TEXT NOT NULL, kind TEXT NOT NULL,
    word TEXT NOT NULL, name TEXT NOT NULL, is_on INTEGER NOT NULL,
    copies_from INTEGER NOT NULL DEFAULT 0
) STRICT;
"""
_ROW = "id, account, path, uidvalidity, uids, kind, word, name, is_on, copies_from"


class ActKind(Enum):
    """What is done."""

    FLAG = "flag"
    MOVE = "move"


class Act(NamedTuple):
    """Something that is to be done to messages of a folder."""

    act_id: str
    account_id: str
    path: str
    uidvalidity: int
    """How the folder was numbered when the user saw it; 0: not known."""
    uids: tuple[int, ...]
    kind: ActKind
    word: str
    """The flag, or the role of the folder where they go."""
    name: str = ""
    """How that folder is called if it has to be made."""
    is_on: bool = True
    copies_from: int = 0
    """The first number that a copy can have, once copying has begun."""


class Desk(Protocol):
    """What an account's thread works with."""

    store: MailStore

    def session(self) -> ImapSession: ...

    def enter(self, path: str) -> ImapSession: ...

    def uidvalidity(self, path: str) -> int: ...


class Acts:
    """The acts that are kept in a file; each thread has an object of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.write(lambda connection: connection.execute(SCHEMA))

    @classmethod
    def at(cls, path: Path, version: int, schema: str, report: Report) -> Acts:
        """Those of a file."""
        database = Database(path, schema, version, report)
        # Done twice would be worse than a few milliseconds for the disk.
        database.read(lambda connection: connection.execute("PRAGMA synchronous = FULL"))
        return cls(database)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def put(self, act: Act) -> None:
        """Keeps an act."""
        row = (
            act.act_id, act.account_id, act.path, act.uidvalidity, json.dumps(act.uids),
            act.kind.value, act.word, act.name, int(act.is_on), act.copies_from,
        )  # fmt: skip
        self._write(f"INSERT INTO act ({_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608 - our own words

    def of(self, account_id: str) -> tuple[Act, ...]:
        """Those of an account, in the order in which they came."""

        def read(connection: sqlite3.Connection) -> tuple[Act, ...]:
            query = f"SELECT {_ROW} FROM act WHERE account = ? ORDER BY place"  # noqa: S608 - our own words
            return tuple(_act(row) for row in connection.execute(query, (account_id,)))

        return self._database.read(read)

    def begin_copies(self, act_id: str, first: int) -> None:
        """From here on, messages with these numbers in the target may be copies."""
        self._write("UPDATE act SET copies_from = ? WHERE id = ?", (first, act_id))

    def forget(self, act_id: str) -> bool:
        """It is done, or not wanted any more; whether it was there."""

        def write(connection: sqlite3.Connection) -> bool:
            return connection.execute("DELETE FROM act WHERE id = ?", (act_id,)).rowcount > 0

        return self._database.write(write)

    def forget_account(self, account_id: str) -> None:
        """Nothing is to be done for that account any more."""
        self._write("DELETE FROM act WHERE account = ?", (account_id,))

    def _write(self, query: str, values: tuple[object, ...]) -> None:
        self._database.write(lambda connection: connection.execute(query, values))


class Performed(NamedTuple):
    """What came of acts; `refused` are those that the server does not do."""

    done: tuple[Act, ...]
    refused: tuple[Act, ...]


def perform(desk: Desk, acts: Acts, account_id: str, held: frozenset[str]) -> Performed:
    """Does what is kept, but for those that can still be undone. Raises MailError: later again."""
    waiting = [one for one in acts.of(account_id) if one.act_id not in held]
    for act in waiting:
        if act.kind is ActKind.FLAG:
            _flag_here(desk.store, act)
    done: list[Act] = []
    refused: list[Act] = []
    for act in waiting:
        try:
            _do(desk, acts, act)
        except (UnreachableError, RefusedError):
            raise
        except MailError:
            refused.append(act)
        else:
            done.append(act)
        acts.forget(act.act_id)
    return Performed(tuple(done), tuple(refused))


def _do(desk: Desk, acts: Acts, act: Act) -> None:
    session = desk.enter(act.path)
    if act.uidvalidity and desk.uidvalidity(act.path) != act.uidvalidity:
        raise ActionError("the folder was numbered anew: these may be other messages")
    there = session.present(act.uids)
    if not there:
        return
    if act.kind is ActKind.FLAG:
        session.set_flags(there, [act.word], on=act.is_on)
        _flag_here(desk.store, act)
        return
    target = _target(desk, act)
    if target == act.path:
        desk.enter(act.path).remove(there)
    elif session.can_move:
        desk.enter(act.path).move(there, target)
    else:
        _copy_and_remove(desk, acts, act, there, target)


def _copy_and_remove(desk: Desk, acts: Acts, act: Act, there: Sequence[int], target: str) -> None:
    """Moves with a server that cannot: never less than one copy, and two only while it lasts."""
    missing = list(there)
    if act.copies_from:
        session = desk.enter(act.path)
        wanted = session.summaries(there)
        session = desk.enter(target)
        copies = session.summaries(session.newer_than(act.copies_from - 1))
        known = Counter(map(_identity, copies))
        missing = []
        for one in wanted:
            if known[_identity(one)] > 0:
                known[_identity(one)] -= 1
            else:
                missing.append(one.uid)
    else:
        acts.begin_copies(act.act_id, max(1, desk.session().counts(target).next_uid))
    session = desk.enter(act.path)
    if missing:
        session.copy(missing, target)
    session.remove(there)


def _identity(one: Summary) -> tuple[object, ...]:
    return one.message_id, one.subject, one.sender.address, one.size


def _target(desk: Desk, act: Act) -> str:
    """The folder with the role of an act; made where there is none."""
    role = Role[act.word]
    found = _with_role(desk.store.folders(), role)
    if found is None:
        # Perhaps it was made meanwhile, or the folders were never listed.
        desk.store.keep_folders(desk.session().folders())
        found = _with_role(desk.store.folders(), role)
    if found is None and any(one.path == act.name for one in desk.store.folders()):
        found = act.name
    if found is None:
        desk.session().make_folder(act.name)
        desk.store.keep_folders(desk.session().folders())
        found = act.name
    return found


def _with_role(folders: Sequence[Folder], role: Role) -> str | None:
    return next((one.path for one in folders if one.role is role), None)


def _flag_here(store: MailStore, act: Act) -> None:
    known = store.summaries(act.path, act.uids)
    flags = {
        uid: (one.flags | {act.word}) if act.is_on else one.flags - {act.word}
        for uid, one in known.items()
    }
    store.keep_flags(act.path, flags)


def _act(row: tuple[str, str, str, int, str, str, str, str, int, int]) -> Act:
    act_id, account, path, uidvalidity, uids, kind, word, name, is_on, copies_from = row
    return Act(
        act_id, account, path, uidvalidity, tuple(json.loads(uids)), ActKind(kind), word, name,
        bool(is_on), copies_from,
    )  # fmt: skip
