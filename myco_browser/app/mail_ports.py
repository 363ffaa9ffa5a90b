"""What mail is built on in a session: the door, the certificates, the profile's folder."""

from __future__ import annotations

import functools
import logging
import socket
from typing import TYPE_CHECKING

from myco_browser.bridge.mail_ports import MailPorts
from myco_browser.bridge.worker import Worker
from myco_browser.services.database import SetAside
from myco_browser.services.door_fetcher import DoorFetcher
from myco_browser.services.mail_setup import Locate
from myco_browser.services.one_passphrase import OnePassphrase
from myco_browser.system.dialled import Way, usual_tls
from myco_browser.ui.context import Context
from myco_vpn.link import dial_blocking

if TYPE_CHECKING:
    from myco_browser.app.mail import MailFacts

_log = logging.getLogger(__name__)

CLIENT = "mail"
"""The word under which the door counts it."""


def mail_ports(facts: MailFacts, worker: Worker, context: Context, one: OnePassphrase) -> MailPorts:
    """Everything dials at the door, which also finds out where names lead."""
    proxy = ("127.0.0.1", facts.door_port)

    def dial(host: str, port: int) -> socket.socket:
        return dial_blocking(host, port, CLIENT, proxy)

    way = Way(dial, functools.cache(usual_tls))
    fetcher = DoorFetcher(proxy, CLIENT, context.identity.user_agent, deadline=15.0)
    folder = facts.profile / "mail"
    door = context.door
    return MailPorts(folder, way, fetcher, worker, door, _report, _locator(context), one)


def _locator(context: Context) -> Locate:
    """Asks the door where services are."""

    def locate(name: str) -> tuple[tuple[str, int], ...]:
        return tuple((one.target, one.port) for one in context.door.services(name))

    return locate


def _report(what: SetAside) -> None:
    _log.warning("%s could not be read; it was moved to %s", what.path, what.moved_to)
