"""One connection to an IMAP server (RFC 3501), with what we need of it in words of our own.

IMAPClient speaks the protocol; `imap_wire` bounds what a server can make us read. Every method
blocks and raises MailError only.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient.response_parser import parse_fetch_response

from myco_browser.domain.mail import Account, Folder, Security, Summary
from myco_browser.mail.errors import ActionError
from myco_browser.mail.folders import folders_of
from myco_browser.mail.headers import SUMMARY_FIELDS, summary_of
from myco_browser.mail.imap_answers import (
    Changes,
    Counts,
    FolderCounts,
    Selected,
    conversations_in,
    counts_in,
    flags_of,
    numbers_of,
    uids_of,
)
from myco_browser.mail.imap_client import ImapClient, log_in, mapped
from myco_browser.mail.imap_wire import BoundedIMAP4
from myco_browser.mail.transport import connect
from myco_browser.system.dialled import Way

_HEADER_KEY = f"BODY[HEADER.FIELDS ({' '.join(SUMMARY_FIELDS)})]".encode("ascii")
_SUMMARY_ITEMS = [
    "FLAGS", "INTERNALDATE", "RFC822.SIZE",
    f"BODY.PEEK[HEADER.FIELDS ({' '.join(SUMMARY_FIELDS)})]",
]  # fmt: skip
_APPENDUID = re.compile(rb"APPENDUID \d+ (\d+)")
_EVENTS = "(MessageNew MessageExpunge FlagChange)"
_ALL_EVENTS = (f"(selected {_EVENTS})", f"(personal {_EVENTS})")
_NEWS = ("FETCH", "EXISTS", "EXPUNGE", "RECENT", "VANISHED")
_SPECIAL = re.compile(r"[(){}%*\"\\\[\]\x00-\x1f\x7f]")


class ImapSession:
    """A connection that is logged in."""

    def __init__(self, way: Way, account: Account, password: str) -> None:
        with mapped():
            sock = connect(way, account.imap)
            try:
                self._client = client = ImapClient(sock, account.imap)
            except BaseException:
                sock.close()
                raise
            try:
                if account.imap.security is Security.STARTTLS:
                    client.encrypt(way, account.imap)
                log_in(client, account.login, password)
                self._prepare()
            except BaseException:
                client.wire.shutdown()  # encrypted since then, it is another socket
                raise

    def _prepare(self) -> None:
        client = self._client
        known = {one.decode("ascii", "replace").upper() for one in client.capabilities()}
        wanted = [one for one in ("CONDSTORE", "QRESYNC") if one in known]
        self.counts_changes = "CONDSTORE" in known or "QRESYNC" in known
        self._tells_vanished = "QRESYNC" in known and "ENABLE" in known
        self.can_idle = "IDLE" in known
        self.can_move = "MOVE" in known
        self.expunges_some = "UIDPLUS" in known
        self._can_notify = "NOTIFY" in known and self.can_idle
        self.can_thread = "THREAD=REFERENCES" in known
        self.told: list[FolderCounts] = []
        """What the server told of folders without being asked."""
        if self._tells_vanished:
            client.enable(*wanted)

    def folders(self) -> tuple[Folder, ...]:
        """All folders, the special ones first."""
        with mapped():
            return folders_of(self._client.list_folders())

    def counts(self, path: str) -> Counts:
        """How many messages there are, and how many unread ones."""
        with mapped():
            wire = self._client.wire
            self._keep_told()
            name = self._client._normalise_folder(path)
            words = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"
            kind, rows = wire.status(name, words)
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            return self._counts_among(rows, path)

    def _counts_among(self, rows: Sequence[object], path: str) -> Counts:
        """Those of one folder; what the server tells of others besides is kept for `told`."""
        found: Counts | None = None
        for one in _told(rows):
            if one.path == path:
                found = one.counts
            else:
                self.told.append(one)
        if found is None:
            # A name in an unusual form: the last row is the one that was asked for.
            return self.told.pop().counts if self.told else Counts(0, 0)
        return found

    def tell_folders(self) -> bool:
        """Asks to be told of every folder from now on (RFC 5465); False where it cannot be.

        How they stand now is in `told` then. While idling the server tells at once.
        """
        if not self._can_notify:
            return False
        with mapped():
            wire = self._client.wire
            wire.untagged_responses.pop("STATUS", None)
            kind, _rows = wire.xatom("NOTIFY", "SET", "STATUS", *_ALL_EVENTS)
            self.told += _told(wire.untagged_responses.pop("STATUS", []))
            return bool(kind == "OK")

    def select(self, path: str, *, readonly: bool = False) -> Selected:
        """Opens a folder."""
        with mapped():
            found = self._client.select_folder(path, readonly)
            self._take_kinds()
            return Selected(
                int(found.get(b"UIDVALIDITY", 0)),
                int(found.get(b"EXISTS", 0)),
                int(found.get(b"HIGHESTMODSEQ", 0)),
            )

    def uids(self) -> list[int]:
        """The messages of the open folder, the oldest first."""
        with mapped():
            # The library takes seconds to read the numbers of a large folder.
            kind, rows = self._client.wire.uid("SEARCH", "ALL")
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            words = b" ".join(row for row in rows if isinstance(row, bytes)).split()
            return uids_of(int(word) for word in words)

    def present(self, uids: Sequence[int]) -> list[int]:
        """Those of these that the open folder still has."""
        with mapped():
            numbers = ",".join(map(str, uids))
            return uids_of(self._client.search(["UID", numbers])) if numbers else []

    def newer_than(self, uid: int) -> list[int]:
        """Those with a higher number, the oldest first."""
        with mapped():
            # The range "7:*" holds the last message even if its number is lower.
            found = self._client.search(["UID", f"{uid + 1}:*"])
            return [one for one in uids_of(found) if one > uid]

    def search(self, text: str) -> list[int]:
        """Messages with all these words anywhere; the oldest first."""
        criteria: list[str] = []
        # What has a meaning in the protocol finds nothing in a text.
        for word in _SPECIAL.sub(" ", text).split():
            criteria += ["TEXT", word]
        with mapped():
            charset = None if text.isascii() else "UTF-8"
            return uids_of(self._client.search(criteria or "ALL", charset))

    def conversations(self) -> list[tuple[int, ...]]:
        """Those of several messages in the open folder (RFC 5256), where `can_thread`."""
        with mapped():
            wire = self._client.wire
            wire.untagged_responses.pop("THREAD", None)
            kind, rows = wire.uid("THREAD", "REFERENCES", "UTF-8", "ALL")
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            return conversations_in(rows)

    def find_message(self, message_id: str) -> list[int]:
        """Those of the open folder with that Message-ID."""
        with mapped():
            return uids_of(self._client.search(["HEADER", "Message-ID", message_id]))

    def since(self, date: str) -> list[int]:
        """Those that came on that day ("22-Nov-2026") or later."""
        with mapped():
            return uids_of(self._client.search(["SINCE", date]))

    def summaries(self, uids: Sequence[int]) -> list[Summary]:
        """What a list shows of these; those that are gone are left out."""
        if not uids:
            return []
        with mapped():
            found = self._client.fetch(list(uids), _SUMMARY_ITEMS)
            return [summary_of(uid, found[uid], _HEADER_KEY) for uid in uids_of(found)]

    def flags(self) -> dict[int, frozenset[str]]:
        """The flags of every message of the open folder."""
        return self._changes("1:*", "").flags

    def changes(self, modseq: int) -> Changes:
        """What happened in the open folder since it stood at `modseq` (RFC 7162, 3.1.4)."""
        vanished = " VANISHED" if self._tells_vanished else ""
        return self._changes("1:*", f" (CHANGEDSINCE {modseq}{vanished})")

    def _changes(self, uids: str, modifier: str) -> Changes:
        with mapped():
            wire = self._client.wire
            wire.untagged_responses.pop("VANISHED", None)
            arguments = [uids, "(FLAGS)", *([modifier.strip()] if modifier else [])]
            kind, rows = wire.uid("FETCH", *arguments)
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            rows = [row for row in rows if row]
            parsed = parse_fetch_response(rows) if rows else {}
            known = uids_of(parsed)
            flags = {uid: flags_of(parsed[uid].get(b"FLAGS", ())) for uid in known}
            gone = wire.untagged_responses.pop("VANISHED", [])
            told = self._tells_vanished and "VANISHED" in modifier
            return Changes(flags, frozenset(numbers_of(gone)) if told else None)

    def source(self, uid: int) -> bytes:
        """The whole message; it does not count as read by this. Raises ActionError: it is gone."""
        with mapped():
            found = self._client.fetch([uid], ["BODY.PEEK[]"])
            raw = found.get(uid, {}).get(b"BODY[]")
            if not isinstance(raw, bytes):
                raise ActionError("the message is gone")
            return raw

    def set_flags(self, uids: Sequence[int], flags: Sequence[str], *, on: bool) -> None:
        """Adds or takes flags."""
        with mapped():
            act = self._client.add_flags if on else self._client.remove_flags
            act(list(uids), list(flags), silent=True)

    def move(self, uids: Sequence[int], path: str) -> None:
        """Moves messages to another folder at once, where `can_move` (RFC 6851)."""
        with mapped():
            self._client.move(list(uids), path)

    def copy(self, uids: Sequence[int], path: str) -> None:
        """Copies messages to another folder."""
        with mapped():
            self._client.copy(list(uids), path)

    def remove(self, uids: Sequence[int]) -> None:
        """Removes messages for good. Where that would take others along, they are marked only."""
        with mapped():
            self._client.add_flags(list(uids), ["\\Deleted"], silent=True)
            if self.expunges_some:
                self._client.uid_expunge(list(uids))
            elif set(uids).issuperset(self._client.search(["DELETED"])):
                self._client.expunge()

    def append(self, path: str, raw: bytes, flags: Sequence[str]) -> int | None:
        """Stores a message; its number there, where the server tells (RFC 4315)."""
        with mapped():
            answer = self._client.append(path, raw, flags)
            match = _APPENDUID.search(answer if isinstance(answer, bytes) else b"")
            return int(match[1]) if match else None

    def make_folder(self, path: str) -> None:
        """Makes a folder and subscribes to it."""
        with mapped():
            self._client.create_folder(path)
            self._client.subscribe_folder(path)

    def ask_for_news(self) -> list[Any]:
        """What the server has to say (NOOP)."""
        with mapped():
            return list(self._client.noop()[1])

    def takes_news(self) -> bool:
        """Whether the server told something without being asked since this was asked last.

        What it tells of the open folder while it answers something else (RFC 3501, 7) would not be
        told again while idling.
        """
        self._keep_told()
        return self._take_kinds() or bool(self.told)

    def _keep_told(self) -> None:
        self.told += _told(self._client.wire.untagged_responses.pop("STATUS", []))

    def _take_kinds(self) -> bool:
        heard = self._client.wire.untagged_responses
        return any([bool(heard.pop(kind, None)) for kind in _NEWS])

    def _begin_idling(self) -> None:
        """As the library does it, to which news before the server goes on are a mistake."""
        wire = self._client.wire
        self._client._idle_tag = tag = wire._command("IDLE")
        while wire._get_response() is not None:
            if wire.tagged_commands.get(tag) is not None:
                raise ActionError("the server does not idle")

    @contextlib.contextmanager
    def idling(self) -> Iterator[BoundedIMAP4]:
        """While inside, the server tells news by itself (RFC 2177)."""
        with mapped():
            self._begin_idling()
        yield self._client.wire
        with mapped():
            self._client.idle_done()

    def close(self) -> None:
        """Says goodbye, if somebody still listens."""
        with contextlib.suppress(Exception):
            self._client.wire.sock.settimeout(2.0)
            self._client.logout()
        self.cut()

    def cut(self) -> None:
        """Ends the connection at once; may be called by any thread."""
        with contextlib.suppress(OSError):
            self._client.wire.sock.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._client.wire.sock.close()


def _told(rows: Sequence[object]) -> list[FolderCounts]:
    found = (counts_in(row) for row in rows if isinstance(row, bytes))
    return [one for one in found if one is not None]
