"""Which contacts fit what is typed, and in which order they stand. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from myco_browser.domain.contacts import Contact, Fields


def in_order(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """By name, without regard to accents and capitals."""
    return tuple(sorted(contacts, key=lambda one: (plain(one.fields.name), one.key)))


def fitting(contacts: Sequence[Contact], text: str) -> Iterator[Contact]:
    """Those in whose names, addresses or numbers each word of `text` begins one, in order."""
    words = plain(text).split()
    for contact in contacts:
        known = _words(contact.fields)
        if all(any(one.startswith(word) for one in known) for word in words):
            yield contact


def plain(text: str) -> str:
    """Without accents and capitals."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _words(fields: Fields) -> list[str]:
    texts = [fields.name, fields.given, fields.family, fields.organisation]
    texts += [one.value for one in fields.emails]
    words = plain(" ".join(texts)).split()
    # An address is found by its domain, too; a number with or without its spaces.
    words += [plain(one.value.rpartition("@")[2]) for one in fields.emails]
    words += [one.value.replace(" ", "") for one in fields.phones]
    return words
