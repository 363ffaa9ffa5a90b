"""Logins for web sites: what is kept, what fits a page, and what a sign-in changes.

A login belongs to one origin: scheme, host and port. Nothing of it goes anywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from myco_browser.domain.hosts import is_loopback_host, registrable_domain
from myco_browser.domain.urls import host_of, origin

MOST_LOGINS = 20_000
LONGEST_FIELD = 4096
"""In characters: longer names, passwords and notes are refused."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password for one origin. `changed` is in Unix seconds."""

    id: str
    origin: str
    username: str
    password: str
    changed: int
    note: str = ""

    def __repr__(self) -> str:
        """Without the password: it must not get into a log."""
        return f"Login({self.id!r}, {self.origin!r})"


Logins = tuple[Login, ...]


class Change(Enum):
    """What a sign-in means for what is kept."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"


def new_login(
    identifier: str, urlstr: str, username: str, password: str, now: int, note: str = ""
) -> Login | None:
    """A login for the origin of a web address; None for other addresses and overlong fields."""
    place = origin(urlstr)
    if place is None or not password:
        return None
    if any(len(text) > LONGEST_FIELD for text in (username, password, note)):
        return None
    return Login(identifier, place, username, password, now, note)


def of_origin(logins: Iterable[Login], urlstr: str) -> Logins:
    """Those that may be filled into a page: the very same origin, the newest first."""
    place = origin(urlstr)
    fitting = (one for one in logins if place is not None and one.origin == place)
    return tuple(sorted(fitting, key=lambda one: (-one.changed, one.username)))


def of_relatives(logins: Iterable[Login], urlstr: str) -> Logins:
    """Those of other origins of the same registrable domain: to be shown, never to be filled."""
    place, host = origin(urlstr), host_of(urlstr)
    domain = registrable_domain(host) if host is not None else None
    if domain is None:
        return ()
    return tuple(one for one in logins if one.origin != place and _domain_of(one.origin) == domain)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have the scheme and registrable domain in common, or the origin."""
    first, second = origin(one), origin(other)
    if first is None or second is None:
        return False
    if first == second:
        return True
    domain = _domain_of(first)
    same_scheme = first.partition(":")[0] == second.partition(":")[0]
    return same_scheme and domain is not None and domain == _domain_of(second)


def is_private_way(urlstr: str) -> bool:
    """Whether nobody on the way can read what is sent: https, or this very machine."""
    host = host_of(urlstr)
    return urlstr.startswith("https:") or (host is not None and is_loopback_host(host))


def compare(
    logins: Iterable[Login], urlstr: str, username: str, password: str
) -> tuple[Change, Login | None]:
    """What signing in there with these means, and the login that is meant, if there is one."""
    mine = of_origin(logins, urlstr)
    found = next((one for one in mine if one.username == username), None)
    if found is None and not username and len(mine) == 1:
        found = mine[0]  # a form that asks for the new password only
    if found is None:
        # The name may not have been in the form: a known password is nothing new.
        same = next((one for one in mine if not username and one.password == password), None)
        return (Change.SAME, same) if same is not None else (Change.NEW, None)
    return (Change.SAME if found.password == password else Change.UPDATE), found


def with_login(logins: Logins, login: Login, replaced: Login | None) -> Logins:
    """All logins with a new one, or with the password of one changed.

    There is one for each name at an origin: another of that name is replaced.
    """
    if replaced is not None:
        username = login.username or replaced.username
        login = replace(replaced, username=username, password=login.password,
                        changed=login.changed)  # fmt: skip
    key = (login.origin, login.username)
    others = (one for one in logins if one.id != login.id and (one.origin, one.username) != key)
    return (*others, login)


def search(logins: Iterable[Login], words: str) -> Logins:
    """Those with every word in address, name or note, by address."""
    wanted = words.casefold().split()
    found = (
        one
        for one in logins
        if all(word in f"{one.origin} {one.username} {one.note}".casefold() for word in wanted)
    )
    return tuple(sorted(found, key=lambda one: (_sort_key(one.origin), one.username)))


def login_to_text(login: Login) -> str:
    """As it stands inside a sealed file."""
    return json.dumps(
        [login.origin, login.username, login.password, login.changed, login.note],
        ensure_ascii=False,
    )


def login_from_text(identifier: str, text: str) -> Login | None:
    """The reverse; None for what cannot be read."""
    try:
        place, username, password, changed, note = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (place, username, password, note)
    if not all(isinstance(one, str) for one in texts) or not isinstance(changed, int):
        return None
    return Login(identifier, place, username, password, changed, note)


def _domain_of(place: str) -> str | None:
    host = host_of(place + "/")
    return registrable_domain(host) if host is not None else None


def _sort_key(place: str) -> str:
    return place.partition("://")[2].removeprefix("www.")
