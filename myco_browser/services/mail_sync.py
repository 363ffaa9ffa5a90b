"""Brings what is kept of a folder up to date with the server, with as little talk as it allows."""

from __future__ import annotations

import array
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from myco_browser.domain.mail import Summary
from myco_browser.mail.imap import ImapSession
from myco_browser.services.mail_store import MailStore, Standing
from myco_browser.services.mail_threads import (
    Conversations,
    Links,
    conversations_of,
    packed,
    still_there,
    unpacked,
)

# Without counted changes, this many of the newest messages are asked for their flags.
_FLAGS_ASKED = 500
# Of so many messages the server tells the conversations at once.
_MOST_AT_ONCE = 5000
MARK = 8


@dataclass(frozen=True, slots=True)
class FolderNews:
    """A folder after it was looked at."""

    uids: array.array[int]
    flags: dict[int, frozenset[str]]
    """Of messages whose flags changed."""
    uidvalidity: int = 0
    conversations: Conversations = ()


def sync_folder(session: ImapSession, store: MailStore, path: str) -> FolderNews:
    """Opens the folder and brings its list up to date. Raises MailError."""
    selected = session.select(path)
    before = store.standing(path)
    if before is not None and before.uidvalidity != selected.uidvalidity:
        store.empty_folder(path)
        before = None
    flags: dict[int, frozenset[str]] = {}
    uids: array.array[int] | None = None
    if before is not None and before.modseq and selected.modseq:
        if selected.modseq == before.modseq and selected.exists == len(before.uids):
            uids = before.uids
        else:
            changes = session.changes(before.modseq)
            flags = changes.flags
            uids = _patched(before.uids, changes.vanished, changes.flags, selected.exists)
    if uids is None:
        uids = array.array("I", session.uids())
    if before is not None and not selected.modseq and uids:
        flags = {one.uid: one.flags for one in session.summaries(list(uids[-_FLAGS_ASKED:]))}
    gone = (
        set(before.uids).difference(uids) if before is not None and uids is not before.uids else ()
    )
    store.keep_flags(path, flags)
    store.keep_standing(path, Standing(selected.uidvalidity, selected.modseq, uids), gone)
    conversations = known_conversations(session, store, path, uids)
    if conversations is None:
        # A large folder is shown before the server has sorted it.
        is_large = len(uids) > _MOST_AT_ONCE
        conversations = (
            still_there(unpacked(store.threads(path)[MARK:]), uids)
            if is_large
            else ask_conversations(session, store, path, uids)
        )
    return FolderNews(uids, flags, selected.uidvalidity, conversations)


def known_conversations(
    session: ImapSession, store: MailStore, path: str, uids: array.array[int]
) -> Conversations | None:
    """Which messages belong together, as far as nobody has to be asked; None: the server has to."""
    if not session.can_thread:
        return still_there(conversations_of(Links(*one) for one in store.links(path)), uids)
    kept = store.threads(path)
    return unpacked(kept[MARK:]) if kept[:MARK] == _mark(uids) else None


def ask_conversations(
    session: ImapSession, store: MailStore, path: str, uids: array.array[int]
) -> Conversations:
    """Which messages of the open folder belong together, as the server says. Raises MailError."""
    found = tuple(session.conversations())
    store.keep_threads(path, _mark(uids) + packed(found))
    return found


def _mark(uids: array.array[int]) -> bytes:
    """By which it is known whether conversations are those of this list."""
    return hashlib.blake2b(uids.tobytes(), digest_size=MARK).digest()


def _patched(
    before: array.array[int],
    vanished: frozenset[int] | None,
    changed: dict[int, frozenset[str]],
    exists: int,
) -> array.array[int] | None:
    """The list after changes; None when they do not add up, and it has to be asked for whole."""
    known = set(before)
    if vanished is not None:
        known -= vanished
    uids = array.array("I", sorted(known.union(changed)))
    return uids if len(uids) == exists else None


def summaries(
    session: ImapSession | None, store: MailStore, path: str, uids: Sequence[int]
) -> dict[int, Summary]:
    """What a list shows of these: from here, and the rest from the server if there is a session.

    The folder must be open. Raises MailError.
    """
    found = store.summaries(path, uids)
    missing = [uid for uid in uids if uid not in found]
    if missing and session is not None:
        new = session.summaries(missing)
        store.keep_summaries(path, new)
        found.update({one.uid: one for one in new})
    return found
