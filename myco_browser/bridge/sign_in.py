"""Signing in on a provider's page, as a window sees it. All answers come on the Qt thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from myco_browser.bridge.mail_ports import MailPorts
from myco_browser.domain.addresses import parse_web_address
from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.oauth import SignInCause, SignInError
from myco_browser.mail.autoconfig import MAX_BYTES, places, read_issuer
from myco_browser.services.oauth import Attempt, Grant, begin, discover, redeem
from myco_filters.lists.updates import Fetched

_log = logging.getLogger(__name__)
Failed = Callable[[SignInCause], None]


class SignIn:
    """One after another: a new one makes the old one of no use."""

    def __init__(self, ports: MailPorts) -> None:
        self._ports = ports
        self._number = 0

    def start(
        self, address: str, provider: str, show: Callable[[Attempt], None], failed: Failed
    ) -> None:
        """Finds the provider of a mail address, or the one that was typed; prepares the page."""
        self._number = number = self._number + 1
        self._allow(provider)
        ports = self._ports

        async def run() -> None:
            try:
                where = provider or await self._issuer_of(address)
                attempt = await asyncio.to_thread(
                    lambda: begin(ports.way, discover(ports.way, where))
                )
            except SignInError as error:
                self._tell(number, error, failed)
            else:
                ports.beside.to_qt(lambda: show(attempt) if number == self._number else None)

        ports.beside.start(run)

    def finish(
        self, attempt: Attempt, url: str, done: Callable[[Grant], None], failed: Failed
    ) -> None:
        """Makes a grant of the address that the provider led the tab to."""
        number, ports = self._number, self._ports

        async def run() -> None:
            try:
                grant = await asyncio.to_thread(redeem, ports.way, attempt, url)
            except SignInError as error:
                self._tell(number, error, failed)
            else:
                ports.beside.to_qt(lambda: done(grant) if number == self._number else None)

        ports.beside.start(run)

    def give_up(self) -> None:
        """Nobody waits for it any more."""
        self._number += 1

    def _tell(self, number: int, error: SignInError, failed: Failed) -> None:
        _log.info("no sign-in: %s", error)
        cause = error.cause
        self._ports.beside.to_qt(lambda: failed(cause) if number == self._number else None)

    async def _issuer_of(self, address: str) -> str:
        """What the domain says of itself, else the domain."""
        domain = address.rpartition("@")[2].lower()
        for url in places(domain):
            answer = await self._ports.fetcher.fetch(url, "", "", MAX_BYTES)
            if isinstance(answer, Fetched) and (issuer := read_issuer(answer.body)):
                return issuer
        return domain

    def _allow(self, text: str) -> None:
        found = parse_web_address(text if "://" in text else f"https://{text}")
        if found is not None and is_local_host(found.host):
            usual = 443 if found.scheme == "https" else 80
            self._ports.door.grant_local(found.host.strip("[]"), found.port or usual)
