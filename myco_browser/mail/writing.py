"""From a draft to the bytes of a message, which say no more than they must.

No name of this program or computer, no receipt asked for; the date is in UTC.
"""

from __future__ import annotations

import datetime
import email
import re
import secrets
from collections.abc import Mapping
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from myco_browser.domain.mail import Account, Draft, Letter, Person
from myco_browser.mail.headers import one_line
from myco_browser.mail.plain_text import from_html

_POLICY = policy.SMTP.clone(max_line_length=200)
_MOST_REFERENCES = 20

_PLAIN_NAME = re.compile(r"[^\s()<>@,;:\\\".\[\]]+(?: [^\s()<>@,;:\\\".\[\]]+)*")
"""A name that needs no quotes, in an address field."""

_USUAL_FILES = 25_000_000
"""What most servers take, where one does not say."""
_MOST_FILES = 64_000_000
"""With more, a draft is larger than what is taken from a server (see docs/mail.md)."""
_WORDS = 200_000
"""Kept free for what is written, and for headers (bytes)."""


def new_message_id(account: Account) -> str:
    """A name for a message, in the domain of the address."""
    domain = account.address.rpartition("@")[2].lower()
    ascii_domain = domain.encode("idna").decode("ascii") if domain else "invalid"
    return f"<{secrets.token_hex(16)}@{ascii_domain}>"


def build(draft: Draft, account: Account, message_id: str, now: float) -> bytes:
    """The message, with CRLF at the end of lines. Bcc is not in it. Raises ValueError."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(Person(account.name, account.address))
    for name, persons in (("To", draft.to), ("Cc", draft.cc)):
        if persons:
            message[name] = [_mailbox(one) for one in persons]
    message["Subject"] = one_line(draft.subject)
    when = datetime.datetime.fromtimestamp(int(now), datetime.UTC)
    message["Date"] = format_datetime(when)
    message["Message-ID"] = message_id
    if draft.in_reply_to:
        message["In-Reply-To"] = one_line(draft.in_reply_to)
    if draft.references:
        message["References"] = " ".join(one_line(r) for r in draft.references[-_MOST_REFERENCES:])
    text = draft.text or from_html(draft.html)
    message.set_content(text.rstrip() + "\n", cte="quoted-printable")
    if draft.html:
        message.add_alternative(draft.html, subtype="html", cte="quoted-printable")
    for name, kind, body in draft.files:
        main, _, sub = kind.partition("/")
        message.add_attachment(
            body, maintype=main or "application", subtype=sub or "octet-stream", filename=name
        )
    return bytes(message)


def build_draft(draft: Draft, account: Account, message_id: str, typed: Mapping[str, str]) -> bytes:
    """The same for a message that is not finished: `typed` are the address fields as they are.

    It has no date, so that equal drafts are equal bytes.
    """
    from dataclasses import replace

    bare = replace(draft, to=(), cc=(), bcc=())
    message = email.message_from_bytes(build(bare, account, message_id, 0.0), policy=_POLICY)
    del message["Date"]
    for name, text in typed.items():
        if one_line(text):
            message[f"X-Typed-{name}"] = Header(one_line(text), "utf-8").encode(linesep="")
            found = [one for one in parse_people(text) if is_address(one.address)]
            if found:
                message[name] = [_mailbox(one) for one in found]
    return bytes(message)


def room_for_files(largest: int) -> int:
    """How many bytes of files fit into a message of so many bytes; 0: that is not known.

    A line of 57 bytes becomes one of 78 (RFC 2045, 6.8).
    """
    if not largest:
        return _USUAL_FILES
    return min(max(0, largest - _WORDS) * 57 // 78, _MOST_FILES)


def _mailbox(person: Person) -> Address:
    """Somebody as a header wants it. Raises ValueError when the address is none."""
    local, _, domain = _address(person).rpartition("@")
    return Address(one_line(person.name), local, domain)


def _address(person: Person) -> str:
    """The address with its domain in ASCII. Raises ValueError when it is none."""
    local, _, domain = person.address.rpartition("@")
    if not local or not domain or any(c in person.address for c in "\r\n<>, "):
        raise ValueError(person.address)
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def envelope_of(draft: Draft) -> tuple[str, ...]:
    """Every address that it goes to, each once."""
    every = (*draft.to, *draft.cc, *draft.bcc)
    return tuple(dict.fromkeys(_address(one) for one in every))


def parse_people(text: str) -> tuple[Person, ...]:
    """What was typed into an address field: names and addresses, between commas."""
    from email.utils import getaddresses

    found = getaddresses([text.replace(";", ",").replace("\n", ",")])
    return tuple(Person(one_line(name), address.strip()) for name, address in found if address)


def is_address(text: str) -> bool:
    """Whether mail can be sent there, as far as one can see."""
    try:
        _address(Person("", text))
    except ValueError:
        return False
    return "." in text.rpartition("@")[2] or text.endswith("@localhost")


def people_text(persons: tuple[Person, ...]) -> str:
    """People as they stand in an address field: names in quotes only where they need them."""
    return ", ".join(_person_text(one) for one in persons)


def _person_text(person: Person) -> str:
    name = person.name
    if not name:
        return person.address
    if _PLAIN_NAME.fullmatch(name) is None:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{person.address}>"


# Answers


def reply_to(letter: Letter, account: Account, *, everybody: bool, words: str) -> Draft:
    """An answer; `words` introduces the quotation."""
    target = letter.reply_to or (letter.sender,)
    own = account.address.lower()
    others = [p for p in (*letter.to, *letter.cc) if p.address.lower() != own]
    others = [p for p in others if p.address not in {t.address for t in target}]
    return Draft(
        account.account_id,
        to=target,
        cc=tuple(others) if everybody else (),
        subject=_prefixed("Re: ", letter.subject),
        text=f"\n\n{words}\n{_quoted(letter)}\n",
        in_reply_to=letter.message_id,
        references=tuple(one for one in (*letter.references, letter.message_id) if one),
    )


def forward(
    letter: Letter, account: Account, words: str, files: tuple[tuple[str, str, bytes], ...]
) -> Draft:
    """The message for somebody else; `words` introduces it. Nothing from elsewhere is in it."""
    return Draft(
        account.account_id,
        subject=_prefixed("Fwd: ", letter.subject),
        text=f"\n\n{words}\n\n{_body(letter)}\n",
        files=files,
    )


def _prefixed(prefix: str, subject: str) -> str:
    known = subject.lower().startswith((prefix.lower(), "re :" if prefix == "Re: " else "tr :"))
    return subject if known else prefix + subject


def _body(letter: Letter) -> str:
    return (letter.text or from_html(letter.html)).strip()


def _quoted(letter: Letter) -> str:
    return "\n".join(f"> {line}" if line[:1] != ">" else f">{line}"
                     for line in _body(letter).split("\n")[:2000])  # fmt: skip
