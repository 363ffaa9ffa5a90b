"""One connection to an IMAP server (RFC 3501), with what we need of it in words of our own.

IMAPClient speaks the protocol; `imap_wire` bounds what a server can make us read. Every method
blocks and raises MailError only.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient
from imapclient.response_parser import parse_fetch_response

from myco_browser.domain.mail import Account, Folder, RefusalCause, Security, Server, Summary
from myco_browser.mail.errors import (
    ActionError,
    MailError,
    ProtocolError,
    RefusedError,
    UnreachableError,
)
from myco_browser.mail.folders import folders_of
from myco_browser.mail.headers import SUMMARY_FIELDS, summary_of
from myco_browser.mail.imap_wire import BoundedIMAP4
from myco_browser.mail.transport import connect, secure
from myco_browser.system.dialled import Way

# The library writes what it sends to its log, which is no place for mail.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_HEADER_KEY = f"BODY[HEADER.FIELDS ({' '.join(SUMMARY_FIELDS)})]".encode("ascii")
_SUMMARY_ITEMS = [
    "FLAGS", "INTERNALDATE", "RFC822.SIZE",
    f"BODY.PEEK[HEADER.FIELDS ({' '.join(SUMMARY_FIELDS)})]",
]  # fmt: skip
_APPENDUID = re.compile(rb"APPENDUID \d+ (\d+)")
_RANGE = re.compile(rb"(\d+)(?::(\d+))?")
_SPECIAL = re.compile(r"[(){}%*\"\\\[\]\x00-\x1f\x7f]")
_TROUBLE = (
    "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "INTERNAL", "TEMPORAR", "SHUTTING", "LATER",
    "DISCONNECTED", "TOO MANY", "WAITING FOR AUTH",
)  # fmt: skip
_MAX_UID = 0xFFFFFFFF
_MOST_UIDS = 2_000_000


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that was opened, and how it stands."""

    uidvalidity: int
    exists: int
    modseq: int
    """0 where the server does not count changes (RFC 7162)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What STATUS says about a folder."""

    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in a folder; `vanished` is None where the server does not tell."""

    flags: dict[int, frozenset[str]]
    vanished: frozenset[int] | None


class ImapSession:
    """A connection that is logged in."""

    def __init__(self, way: Way, account: Account, password: str) -> None:
        with _mapped():
            sock = connect(way, account.imap)
            try:
                self._client = client = _Client(sock, account.imap)
                if account.imap.security is Security.STARTTLS:
                    client.encrypt(way, account.imap)
                _log_in(client, account.login, password)
                self._prepare()
            except BaseException:
                sock.close()
                raise

    def _prepare(self) -> None:
        client = self._client
        known = {one.decode("ascii", "replace").upper() for one in client.capabilities()}
        wanted = [one for one in ("CONDSTORE", "QRESYNC") if one in known]
        self.counts_changes = "CONDSTORE" in known or "QRESYNC" in known
        self._tells_vanished = "QRESYNC" in known and "ENABLE" in known
        self.can_idle = "IDLE" in known
        self._can_move = "MOVE" in known
        self._expunges_some = "UIDPLUS" in known
        if self._tells_vanished:
            client.enable(*wanted)

    def folders(self) -> tuple[Folder, ...]:
        """All folders, the special ones first."""
        with _mapped():
            return folders_of(self._client.list_folders())

    def counts(self, path: str) -> Counts:
        """How many messages there are, and how many unread ones."""
        with _mapped():
            found = self._client.folder_status(path, ["MESSAGES", "UNSEEN"])
            return Counts(int(found.get(b"MESSAGES", 0)), int(found.get(b"UNSEEN", 0)))

    def select(self, path: str, *, readonly: bool = False) -> Selected:
        """Opens a folder."""
        with _mapped():
            found = self._client.select_folder(path, readonly)
            return Selected(
                int(found.get(b"UIDVALIDITY", 0)),
                int(found.get(b"EXISTS", 0)),
                int(found.get(b"HIGHESTMODSEQ", 0)),
            )

    def uids(self) -> list[int]:
        """The messages of the open folder, the oldest first."""
        with _mapped():
            # The library takes seconds to read the numbers of a large folder.
            kind, rows = self._client.wire.uid("SEARCH", "ALL")
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            words = b" ".join(row for row in rows if isinstance(row, bytes)).split()
            return _uids(int(word) for word in words)

    def newer_than(self, uid: int) -> list[int]:
        """Those with a higher number, the oldest first."""
        with _mapped():
            # The range "7:*" holds the last message even if its number is lower.
            found = self._client.search(["UID", f"{uid + 1}:*"])
            return [one for one in _uids(found) if one > uid]

    def search(self, text: str) -> list[int]:
        """Messages with all these words anywhere; the oldest first."""
        criteria: list[str] = []
        # What has a meaning in the protocol finds nothing in a text.
        for word in _SPECIAL.sub(" ", text).split():
            criteria += ["TEXT", word]
        with _mapped():
            charset = None if text.isascii() else "UTF-8"
            return _uids(self._client.search(criteria or "ALL", charset))

    def find_message(self, message_id: str) -> list[int]:
        """Those of the open folder with that Message-ID."""
        with _mapped():
            return _uids(self._client.search(["HEADER", "Message-ID", message_id]))

    def since(self, date: str) -> list[int]:
        """Those that came on that day ("22-Nov-2026") or later."""
        with _mapped():
            return _uids(self._client.search(["SINCE", date]))

    def summaries(self, uids: Sequence[int]) -> list[Summary]:
        """What a list shows of these; those that are gone are left out."""
        if not uids:
            return []
        with _mapped():
            found = self._client.fetch(list(uids), _SUMMARY_ITEMS)
            return [summary_of(uid, found[uid], _HEADER_KEY) for uid in _uids(found)]

    def flags(self) -> dict[int, frozenset[str]]:
        """The flags of every message of the open folder."""
        return self._changes("1:*", "").flags

    def changes(self, modseq: int) -> Changes:
        """What happened in the open folder since it stood at `modseq` (RFC 7162, 3.1.4)."""
        vanished = " VANISHED" if self._tells_vanished else ""
        return self._changes("1:*", f" (CHANGEDSINCE {modseq}{vanished})")

    def _changes(self, uids: str, modifier: str) -> Changes:
        with _mapped():
            wire = self._client.wire
            wire.untagged_responses.pop("VANISHED", None)
            arguments = [uids, "(FLAGS)", *([modifier.strip()] if modifier else [])]
            kind, rows = wire.uid("FETCH", *arguments)
            if kind != "OK":
                raise ActionError(repr(rows)[:200])
            rows = [row for row in rows if row]
            parsed = parse_fetch_response(rows) if rows else {}
            known = _uids(parsed)
            flags = {uid: _flags(parsed[uid].get(b"FLAGS", ())) for uid in known}
            gone = wire.untagged_responses.pop("VANISHED", [])
            told = self._tells_vanished and "VANISHED" in modifier
            return Changes(flags, frozenset(_numbers(gone)) if told else None)

    def source(self, uid: int) -> bytes:
        """The whole message; it does not count as read by this. Raises ActionError: it is gone."""
        with _mapped():
            found = self._client.fetch([uid], ["BODY.PEEK[]"])
            raw = found.get(uid, {}).get(b"BODY[]")
            if not isinstance(raw, bytes):
                raise ActionError("the message is gone")
            return raw

    def set_flags(self, uids: Sequence[int], flags: Sequence[str], *, on: bool) -> None:
        """Adds or takes flags."""
        with _mapped():
            act = self._client.add_flags if on else self._client.remove_flags
            act(list(uids), list(flags), silent=True)

    def move(self, uids: Sequence[int], path: str) -> None:
        """Moves messages to another folder."""
        with _mapped():
            if self._can_move:
                self._client.move(list(uids), path)
                return
            self._client.copy(list(uids), path)
        self.remove(uids)

    def remove(self, uids: Sequence[int]) -> None:
        """Removes messages for good. Where the server cannot, they are marked as deleted only."""
        with _mapped():
            self._client.add_flags(list(uids), ["\\Deleted"], silent=True)
            if self._expunges_some:
                self._client.uid_expunge(list(uids))

    def append(self, path: str, raw: bytes, flags: Sequence[str]) -> int | None:
        """Stores a message; its number there, where the server tells (RFC 4315)."""
        with _mapped():
            answer = self._client.append(path, raw, flags)
            match = _APPENDUID.search(answer if isinstance(answer, bytes) else b"")
            return int(match[1]) if match else None

    def make_folder(self, path: str) -> None:
        """Makes a folder and subscribes to it."""
        with _mapped():
            self._client.create_folder(path)
            self._client.subscribe_folder(path)

    def ask_for_news(self) -> list[Any]:
        """What the server has to say (NOOP)."""
        with _mapped():
            return list(self._client.noop()[1])

    @contextlib.contextmanager
    def idling(self) -> Iterator[BoundedIMAP4]:
        """While inside, the server tells news by itself (RFC 2177)."""
        with _mapped():
            self._client.idle()
        yield self._client.wire
        with _mapped():
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


class _Client(IMAPClient):  # type: ignore[misc] # the library has no types
    """IMAPClient on a socket that is there already."""

    wire: BoundedIMAP4

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self._given = sock
        super().__init__(server.host, server.port, ssl=False)
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> BoundedIMAP4:
        self.wire = BoundedIMAP4(self._given)
        return self.wire

    def _set_read_timeout(self) -> None:
        """The transport has set one."""

    def encrypt(self, way: Way, server: Server) -> None:
        """STARTTLS. Raises RefusedError when the server does not want to."""
        wire = self.wire
        if wire.state != "NONAUTH":
            raise RefusedError(RefusalCause.NOT_ENCRYPTED, "logged in before it is encrypted")
        try:
            kind, _ = wire._simple_command("STARTTLS")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise RefusedError(RefusalCause.NOT_ENCRYPTED, str(error)) from error
        if kind != "OK":
            raise RefusedError(RefusalCause.NOT_ENCRYPTED)
        wire.replace(secure(way, wire.sock, server))
        # What was said in the clear may have been changed on the way.
        self._cached_capabilities = None
        wire._get_capabilities()


def _log_in(client: _Client, login: str, password: str) -> None:
    try:
        # LOGIN takes ASCII only.
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(login, password)
        else:
            client.login(login, password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        # The library makes a refusal of a connection that breaks in the middle of it.
        broke = isinstance(error.__context__, imaplib.IMAP4.abort)
        if broke or _may_work_later(str(error)):
            raise UnreachableError(str(error)) from error
        raise RefusedError(RefusalCause.PASSWORD, str(error)) from error


def _may_work_later(text: str) -> bool:
    """Whether the server has trouble of its own (RFC 5530), rather than with the password."""
    upper = text.upper()
    if "AUTHENTICATIONFAILED" in upper or "AUTHORIZATIONFAILED" in upper or "EXPIRED" in upper:
        return False
    # Many servers give no code; these words are in what they say then.
    return any(word in upper for word in _TROUBLE)


@contextlib.contextmanager
def _mapped() -> Iterator[None]:
    """Turns whatever the libraries raise into MailError."""
    try:
        yield
    except MailError:
        raise
    except imaplib.IMAP4.abort as error:
        raise UnreachableError(str(error)) from error
    except imaplib.IMAP4.error as error:
        raise ActionError(str(error)) from error
    except OSError as error:
        raise UnreachableError(str(error)) from error
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        ArithmeticError,
    ) as error:
        raise ProtocolError(f"{type(error).__name__}: {error}"[:300]) from error
    except (RecursionError, MemoryError) as error:
        raise ProtocolError("the server's answer is nested too deeply") from error


def _uids(found: Iterable[object]) -> list[int]:
    """Numbers that a message can have (RFC 3501, 2.3.1.1), in order, each once."""
    return sorted({one for one in found if isinstance(one, int) and 0 < one <= _MAX_UID})


def _flags(found: Iterable[object]) -> frozenset[str]:
    return frozenset(one.decode("ascii", "replace") for one in found if isinstance(one, bytes))


def _numbers(found: Iterable[object]) -> Iterator[int]:
    left = _MOST_UIDS
    for row in found:
        for first, last in _RANGE.findall(row if isinstance(row, bytes) else b""):
            begin, end = int(first), int(last or first)
            left -= end - begin + 1
            if left < 0:
                raise ProtocolError("more messages vanished than there can be")
            yield from range(begin, end + 1)
