"""What the windows ask of an account's thread: each a function of its desk. All raise MailError."""

from __future__ import annotations

import array
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from myco_browser.domain.mail import (
    Account,
    Authenticity,
    Draft,
    Folder,
    Letter,
    Person,
    Summary,
)
from myco_browser.mail import headers
from myco_browser.mail.errors import MailError
from myco_browser.mail.letters import attachment_bytes, read_letter
from myco_browser.mail.parts import content_of, parse
from myco_browser.mail.plain_text import from_html
from myco_browser.mail.writing import build_draft, people_text
from myco_browser.services.mail_acts import Act, Performed, perform
from myco_browser.services.mail_outbox import KeptDraft, OutLetter
from myco_browser.services.mail_post import Desk
from myco_browser.services.mail_sync import (
    MARK,
    ask_conversations,
    known_conversations,
    summaries,
)
from myco_browser.services.mail_threads import Conversations, still_there, unpacked

KEEP_DAYS = 30
_DAY_S = 86_400
_MAX_KEPT = 2_000_000
_PREFETCH = 20
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class FolderView:
    """The messages of a folder, the oldest first; `flags` has those that changed."""

    uids: array.array[int]
    flags: dict[int, frozenset[str]]
    uidvalidity: int = 0
    conversations: Conversations = ()


def kept_folders(desk: Desk) -> tuple[Folder, ...]:
    """The folders as they were last."""
    return desk.store.folders()


def folders(desk: Desk) -> tuple[Folder, ...]:
    """The folders as the server lists them."""
    desk.store.keep_folders(desk.session().folders())
    return desk.store.folders()


def kept_view(desk: Desk, path: str) -> FolderView:
    """A folder as it was last; empty when it was never opened."""
    standing = desk.store.standing(path)
    if standing is None:
        return FolderView(array.array("I"), {})
    threads = still_there(unpacked(desk.store.threads(path)[MARK:]), standing.uids)
    return FolderView(standing.uids, {}, standing.uidvalidity, threads)


def fresh_view(desk: Desk, path: str) -> FolderView:
    """A folder as it is on the server."""
    news = desk.sync(path)
    return FolderView(news.uids, news.flags, news.uidvalidity, news.conversations)


def conversations(desk: Desk, path: str) -> Conversations | None:
    """Those of a large folder, which come after its list; None when they are known already."""
    standing = desk.store.standing(path)
    session = desk.session()
    if (
        standing is None
        or known_conversations(session, desk.store, path, standing.uids) is not None
    ):
        return None
    return ask_conversations(desk.enter(path), desk.store, path, standing.uids)


def rows(desk: Desk, path: str, uids: Sequence[int]) -> dict[int, Summary]:
    """What a list shows of these; those only that are kept here when there is no connection."""
    found = summaries(None, desk.store, path, uids)
    if len(found) < len(uids):
        found = summaries(desk.enter(path), desk.store, path, uids)
    return found


def note_arrived(desk: Desk, path: str, new: Sequence[Summary]) -> None:
    """Keeps what the watch saw first."""
    desk.store.keep_summaries(path, new)


def read(desk: Desk, path: str, uid: int, *, remote: bool) -> Letter:
    """A letter; with `remote`, or when its sender is allowed to, with pictures from elsewhere."""
    raw = source(desk, path, uid)
    letter = read_letter(uid, raw, own_hosts(desk), remote=remote)
    # Whoever forges an address must not get what its owner was allowed.
    genuine = letter.authenticity is not Authenticity.FAILED
    if not remote and letter.remote and genuine and desk.store.is_allowed(letter.sender.address):
        return read_letter(uid, raw, own_hosts(desk), remote=True)
    return letter


def own_hosts(desk: Desk) -> tuple[str, ...]:
    """The names that servers of the account go by."""
    return (desk.account.imap.host, desk.account.address.rpartition("@")[2].lower())


def source(desk: Desk, path: str, uid: int) -> bytes:
    """A whole message, from here or the server; a recent one is kept."""
    kept = desk.store.source(path, uid)
    if kept is not None:
        return kept
    raw = desk.enter(path).source(uid)
    _keep(desk, path, uid, raw)
    return raw


def _keep(desk: Desk, path: str, uid: int, raw: bytes) -> None:
    known = desk.store.summaries(path, [uid]).get(uid)
    if known is None or known.when < since() or len(raw) > _MAX_KEPT:
        return
    letter = read_letter(uid, raw, ())
    words = letter.text or from_html(letter.html)
    desk.store.keep_source(path, uid, raw, words.encode("utf-8", "replace").decode("utf-8"))


def since() -> int:
    """From when on messages are kept whole, in Unix seconds."""
    now = datetime.datetime.now(datetime.UTC).timestamp()
    return int(now) - KEEP_DAYS * _DAY_S


def prefetch(desk: Desk, path: str) -> bool:
    """Fetches some of the recent messages that are not here yet; whether there may be more."""
    day = datetime.datetime.fromtimestamp(since(), datetime.UTC)
    standing = desk.store.standing(path)
    if standing is None:
        return False
    recent = desk.enter(path).since(_imap_date(day))
    summaries(desk.session(), desk.store, path, recent[-500:])
    wanted = desk.store.without_source(path, since(), _PREFETCH)
    for uid in wanted:
        _keep(desk, path, uid, desk.enter(path).source(uid))
    return len(wanted) == _PREFETCH


def forget_old(desk: Desk) -> None:
    """What is older is not kept whole any longer."""
    desk.store.forget_sources(since())


def _imap_date(day: datetime.datetime) -> str:
    # strftime would name the month in the language of the desktop.
    return f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year}"


def attachment(desk: Desk, path: str, uid: int, number: int) -> bytes:
    """The content of an attachment."""
    return attachment_bytes(source(desk, path, uid), number)


def allow_sender(desk: Desk, address: str) -> None:
    """Pictures of that sender are loaded from now on."""
    desk.store.allow(address)


def perform_acts(desk: Desk, held: frozenset[str] = frozenset()) -> Performed:
    """Does on the server what the user did, but for what can still be undone."""
    return perform(desk, desk.acts, desk.account.account_id, held)


def kept_acts(desk: Desk) -> tuple[Act, ...]:
    """What the user did and the server has not done yet."""
    return desk.acts.of(desk.account.account_id)


def search(desk: Desk, path: str, text: str) -> list[int]:
    """Messages with these words: on the server, or in what is kept here without a connection."""
    try:
        return desk.enter(path).search(text)
    except MailError:
        return desk.store.search(path, text)


def people(desk: Desk, text: str) -> list[tuple[str, str]]:
    """Names and addresses that fit what was typed."""
    return [(one.name, one.address) for one in desk.store.known_people(text, 8)]


def draft(desk: Desk, path: str, uid: int) -> tuple[Draft, str]:
    """A draft of the server, and its Message-ID."""
    return draft_of(desk.account.account_id, source(desk, path, uid))


def draft_of_letter(account: Account, letter: OutLetter, raw: bytes) -> tuple[Draft, KeptDraft]:
    """A message of the outbox as what it was written from, and as it is kept from now on."""
    found, message_id = draft_of(account.account_id, raw)
    # Blind copies stand in no header.
    named = {one.address for one in (*found.to, *found.cc)}
    hidden = tuple(Person("", one) for one in letter.recipients if one not in named)
    found = replace(found, bcc=found.bcc or hidden)
    typed = {
        "To": people_text(found.to), "Cc": people_text(found.cc), "Bcc": people_text(found.bcc),
    }  # fmt: skip
    kept = build_draft(found, account, message_id, typed)
    return found, KeptDraft(letter.letter_id, account.account_id, message_id, kept)


def draft_of(account_id: str, raw: bytes) -> tuple[Draft, str]:
    """What a message of ours was written from."""
    parsed = parse(raw)
    letter = read_letter(0, raw, ())
    files = tuple((one.name, one.kind, content_of(part)) for one, part in parsed.attachments)
    found = Draft(
        account_id, letter.to, letter.cc, headers.people(parsed.header, "Bcc"), letter.subject,
        letter.text or from_html(letter.html), letter.html,
        headers.raw_field(parsed.header, "In-Reply-To").strip(),
        tuple(headers.raw_field(parsed.header, "References").split()), files,
    )  # fmt: skip
    return found, letter.message_id
