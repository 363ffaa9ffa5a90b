"""The filter lists that the user added by address: a short table in the everyday profile.

Their ids begin with a word of their own, so that no list from an address is ever taken for one
whose authors are trusted with code in pages.
"""

from __future__ import annotations

import hashlib
import json
import logging
from enum import Enum
from pathlib import Path

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.messages import N_
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically
from myco_filters.lists.catalogue import CATALOGUE, ListKind, Subscription

ADDED_FILE = "added-lists.json"
MAX_ADDED = 100
_MAX_FILE = 256 * 1024
_PREFIX = "added-"
_log = logging.getLogger(__name__)


class AddProblem(Enum):
    """Why an address is not taken; the value is the sentence to show."""

    NO_ADDRESS = N_("This is not a valid address.")
    NOT_HTTPS = N_("The address must begin with https://.")
    KNOWN = N_("This list is there already.")
    TOO_MANY = N_("There are too many lists.")
    NOT_SAVED = N_("The list could not be saved.")
    NOT_HERE = N_("Lists can only be changed in an ordinary window.")


class OwnLists:
    """The table. Used on the Qt thread; with `writable` False (a private session) only read."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self._path = path
        self.writable = writable
        if writable:
            remove_leftovers(path)
        self.all: tuple[Subscription, ...] = tuple(map(subscription_of, self._read()))

    def check(self, text: str) -> Subscription | AddProblem:
        """The list at an address that was typed, or why it cannot be added."""
        address = parse_web_address(text.strip())
        if not self.writable:
            return AddProblem.NOT_HERE
        if address is None or address.userinfo:
            return AddProblem.NO_ADDRESS
        if address.scheme != "https" and not is_local_host(address.host):
            return AddProblem.NOT_HTTPS
        url = address.url.partition("#")[0]
        if any(url in one.urls for one in (*CATALOGUE, *self.all)):
            return AddProblem.KNOWN
        if len(self.all) >= MAX_ADDED:
            return AddProblem.TOO_MANY
        return subscription_of(url)

    def add(self, subscription: Subscription) -> AddProblem | None:
        """Keep a list from now on."""
        if subscription.id in {one.id for one in self.all}:
            return AddProblem.KNOWN
        return self._keep((*self.all, subscription))

    def remove(self, identifier: str) -> AddProblem | None:
        """Keep it no longer."""
        return self._keep(tuple(one for one in self.all if one.id != identifier))

    def _keep(self, lists: tuple[Subscription, ...]) -> AddProblem | None:
        if not self.writable:
            return AddProblem.NOT_HERE
        try:
            write_atomically(self._path, json.dumps([one.urls[0] for one in lists]).encode())
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._path, error.strerror)
            return AddProblem.NOT_SAVED
        self.all = lists
        return None

    def _read(self) -> tuple[str, ...]:
        return read_added(self._path, mend=self.writable)


def read_added(path: Path, *, mend: bool = False) -> tuple[str, ...]:
    """The addresses in the table; with `mend` a file that cannot be read is set aside."""
    try:
        found = json.loads(path.read_bytes()[: _MAX_FILE + 1])
        if not isinstance(found, list):
            raise ValueError("no list")
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("%s is no table of lists: %s", path, error)
        if mend:
            set_aside(path)
        return ()
    urls = (one for one in found if isinstance(one, str) and is_fetchable(parse_web_address(one)))
    return tuple(dict.fromkeys(urls))[:MAX_ADDED]


def is_fetchable(address: WebAddress | None) -> bool:
    """Whether a list may be fetched from there: encrypted, or from this machine or its network."""
    if address is None or address.userinfo:
        return False
    return address.scheme == "https" or is_local_host(address.host)


def subscription_of(url: str) -> Subscription:
    """The list at an address; it names itself when it is there."""
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    address = parse_web_address(url)
    host = address.host if address is not None else url
    return Subscription(f"{_PREFIX}{digest}", host, (url,), ListKind.OWN, "", url)
