"""Contacts: what is known of people, and the accounts that their cards lie in."""

from __future__ import annotations

from typing import NamedTuple

HOME, WORK, MOBILE, OTHER = "home", "work", "mobile", ""
KINDS = (OTHER, HOME, WORK, MOBILE)


class Reach(NamedTuple):
    """A mail address or a number; `kind` is one of KINDS."""

    kind: str
    value: str


class Fields(NamedTuple):
    """What is shown and changed of a card. What else is in it stays as it is."""

    given: str = ""
    family: str = ""
    organisation: str = ""
    emails: tuple[Reach, ...] = ()
    phones: tuple[Reach, ...] = ()
    birthday: str = ""
    """YYYY-MM-DD, or --MM-DD without a year; other forms as the card has them."""
    note: str = ""
    places: tuple[Reach, ...] = ()
    """Postal addresses, with line breaks. Shown, not changed here."""
    links: tuple[str, ...] = ()
    """Addresses on the web. Shown, not changed here."""
    shown: str = ""
    """The name that the card itself gives (FN), "" for none."""

    @property
    def name(self) -> str:
        """What to call it."""
        first = self.shown or f"{self.given} {self.family}".strip() or self.organisation
        reach = next((one.value for one in (*self.emails, *self.phones)), "")
        return first or reach


def tidied(fields: Fields) -> Fields:
    """What a card can hold of it: names and reaches of one line, nothing that is no text."""

    def words(text: str) -> str:
        return " ".join("".join(sign if sign >= " " else " " for sign in text).split())

    def reaches(found: tuple[Reach, ...]) -> tuple[Reach, ...]:
        plain = (one._replace(value=words(one.value)) for one in found)
        return tuple(one for one in plain if one.value)

    return fields._replace(
        given=words(fields.given),
        family=words(fields.family),
        organisation=words(fields.organisation),
        emails=reaches(fields.emails),
        phones=reaches(fields.phones),
    )


class Contact(NamedTuple):
    """A card on a server: `book` and `href` are paths there."""

    account_id: str
    book: str
    href: str
    etag: str
    fields: Fields

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.account_id, self.href


class Book(NamedTuple):
    """A collection of cards on a server."""

    href: str
    name: str
    token: str = ""
    """How far changes are known (RFC 6578); "" where the server does not count them."""
    state: str = ""
    """A word that differs when something in it changed; "" where the server has none."""
    may_write: bool = True
