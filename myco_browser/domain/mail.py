"""The words of mail: accounts, folders, messages, and what an account is doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from myco_browser.domain.messages import N_

SEEN, FLAGGED, ANSWERED, DRAFT = "\\Seen", "\\Flagged", "\\Answered", "\\Draft"
INBOX = "INBOX"
"""What every server calls it (RFC 3501, 5.1)."""
COLOURS = ("teal", "blue", "violet", "pink", "orange", "green", "grey")


class Security(Enum):
    """How a connection to a server is protected; PLAIN is for this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a service is."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Account:
    """One mail account, without its password."""

    account_id: str
    address: str
    login: str
    imap: Server
    smtp: Server
    name: str = ""
    """The user's own name, as it stands before the address."""
    colour: str = COLOURS[0]
    notify: bool = True
    signature: str = ""
    told_folders: tuple[str, ...] = (INBOX,)
    """Of which folders new mail is told, where `notify`."""
    largest: int = 0
    """The largest message that the server takes, in bytes (RFC 1870); 0 is not known."""


class Role(Enum):
    """What a folder is for (RFC 6154); the value is its name for people."""

    INBOX = N_("Inbox")
    DRAFTS = N_("Drafts")
    SENT = N_("Sent")
    ARCHIVE = N_("Archive")
    JUNK = N_("Spam")
    TRASH = N_("Bin")
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on the server; `path` is its whole name there, decoded."""

    path: str
    label: str
    role: Role
    selectable: bool = True
    unread: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a header; `name` may be empty."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        """The name, or the address without one."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a message; `when` in Unix seconds, as the server received it."""

    uid: int
    flags: frozenset[str]
    when: int
    sender: Person
    to: tuple[Person, ...]
    subject: str
    size: int
    message_id: str = ""
    has_attachments: bool = False
    references: tuple[str, ...] = ()
    """The messages that it answers."""

    @property
    def unread(self) -> bool:
        """Whether nobody has read it yet."""
        return SEEN not in self.flags


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `part` is its number among them."""

    part: int
    name: str
    kind: str
    size: int


class Authenticity(Enum):
    """What the user's own server found out about the sender (RFC 8601)."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message made ready to be read. `html` is safe: see `mail.safe_html`."""

    uid: int
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    reply_to: tuple[Person, ...]
    subject: str
    date: int
    message_id: str
    references: tuple[str, ...]
    text: str
    html: str
    remote: tuple[str, ...]
    """The addresses of what it would load from elsewhere."""
    attachments: tuple[Attachment, ...]
    pictures: tuple[tuple[str, str, bytes], ...]
    """Those within the text: name, kind and bytes."""
    authenticity: Authenticity
    trouble: bool = False
    """Whether it is malformed, so that something may be missing."""
    asks_receipt: bool = False
    is_remote: bool = False
    """Whether pictures from elsewhere are in its HTML, to be loaded."""


# What an account is doing


class RefusalCause(Enum):
    """Why a server does not want us; the value is the sentence for people."""

    PASSWORD = N_("The server does not accept the password.")
    CERTIFICATE = N_("The server's certificate is not valid, so nothing was sent to it.")
    NOT_ENCRYPTED = N_("The server offers no encryption, so nothing was sent to it.")
    LOCKED = N_("The passwords are locked. Unlock them to go on.")
    NO_PASSWORD = N_("The password of this account is not kept any more.")


@dataclass(frozen=True, slots=True)
class Offline:
    """Not wanted, or not started yet."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """On the way."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Connected; new mail is told at once."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Only the user can change this."""

    cause: RefusalCause


@dataclass(frozen=True, slots=True)
class Backoff:
    """The server cannot be reached; tried again after so many seconds."""

    seconds: float
    detail: str = ""


MailState = Offline | Connecting | Watching | Refused | Backoff


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is being written. `html` may be empty: then it is plain text."""

    account_id: str
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[tuple[str, str, bytes], ...] = field(default=())
    """Attachments: name, kind and bytes."""
