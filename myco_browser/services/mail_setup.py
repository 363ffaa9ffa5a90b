"""From an address and a password to an account that works: looks for servers and tries them.

Own table first, then what the domain says, then what its name server says, then guesses. Everything
is asked through the door, and a password goes only to a server whose certificate is valid.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from myco_browser.domain.mail import Account, RefusalCause
from myco_browser.domain.messages import N_
from myco_browser.domain.oauth import Token
from myco_browser.mail import submission
from myco_browser.mail.autoconfig import (
    MAX_BYTES,
    Place,
    places,
    read_config,
    read_services,
    service_names,
)
from myco_browser.mail.errors import ActionError, MailError, RefusedError
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.presets import Candidate, guesses, preset, provider_of
from myco_browser.mail.writing import is_address
from myco_browser.services.mail_accounts import new_identity
from myco_browser.system.dialled import Way
from myco_filters.lists.updates import Failed, Fetched, NotModified

_PATIENCE_S = 20.0


class Fetcher(Protocol):
    """Fetches a file by https."""

    async def fetch(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified | Failed: ...


Locate = Callable[[str], tuple[Place, ...]]
"""Where the services of a name are (RFC 2782), asked at the door. Blocks; empty for nowhere."""


class SetUpCause(Enum):
    """Why there is no account; the value is the sentence for people."""

    NO_ADDRESS = N_("This is not a mail address.")
    PASSWORD = N_(
        "The server was found, but it does not accept the password. Type it again. Some providers "
        "want a separate password for mail programs, which you make in their settings."
    )
    CERTIFICATE = N_(
        "The server was found, but its certificate is not valid, so nothing was sent to it. Ask "
        "whoever runs it, or type in another server."
    )
    NOT_FOUND = N_(
        "No mail server was found for this address. Look whether it is right and you are online, "
        "or type in below where the server is."
    )
    ELSEWHERE = N_(
        "Only the name server of this domain says where its mail is, and it is with somebody else, "
        "as below. Add the account if you know these servers: they will get the password."
    )
    SENDING = N_(
        "Mail can be read, but the server for sending does not answer or refuses. Look at its "
        "name and port below."
    )


@dataclass(frozen=True, slots=True)
class NoAccount:
    """It did not work; `hint` is a further sentence, or empty."""

    cause: SetUpCause
    hint: str = ""
    tried: Candidate | None = None


async def set_up(
    address: str,
    password: str,
    name: str,
    colour: str,
    fetcher: Fetcher,
    way: Way,
    locate: Locate = lambda _name: (),
) -> Account | NoAccount:
    """Finds servers that take the password."""
    address = address.strip()
    if not is_address(address):
        return NoAccount(SetUpCause.NO_ADDRESS)
    provider = provider_of(address)
    hint = provider.hint if provider is not None else ""
    if provider is not None and not provider.imap:
        return NoAccount(SetUpCause.NOT_FOUND, hint)
    worst: NoAccount | None = None
    failed_hosts: set[str] = set()
    token = isinstance(password, Token)
    async for candidate in _candidates(address, fetcher, locate, token):
        if candidate.elsewhere:
            return worst or NoAccount(SetUpCause.ELSEWHERE, hint, candidate)
        if candidate.imap.host in failed_hosts and not candidate.sure:
            continue
        found = await try_candidate(candidate, address, password, name, colour, way)
        if isinstance(found, Account):
            return found
        match found.cause:
            case SetUpCause.PASSWORD | SetUpCause.CERTIFICATE:
                return NoAccount(found.cause, hint, candidate)
            case SetUpCause.SENDING:
                worst = found
            case SetUpCause.NOT_FOUND | SetUpCause.NO_ADDRESS | SetUpCause.ELSEWHERE:
                failed_hosts.add(candidate.imap.host)
    first = next(iter(guesses(address)), None)
    return worst or NoAccount(SetUpCause.NOT_FOUND, hint, preset(address) or first)


async def try_candidate(
    candidate: Candidate, address: str, password: str, name: str, colour: str, way: Way
) -> Account | NoAccount:
    """Tries both servers of a candidate."""
    account = Account(
        new_identity(), address, candidate.login, candidate.imap, candidate.smtp, name, colour
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await asyncio.to_thread(lambda: ImapSession(way, account, password).close())
    except RefusedError as error:
        return NoAccount(_cause(error), tried=candidate)
    except (MailError, TimeoutError):
        return NoAccount(SetUpCause.NOT_FOUND, tried=candidate)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            largest = await asyncio.to_thread(submission.try_login, way, account, password)
    except (MailError, TimeoutError, ActionError):
        return NoAccount(SetUpCause.SENDING, tried=candidate)
    return dataclasses.replace(account, largest=largest)


def _cause(error: RefusedError) -> SetUpCause:
    match error.cause:
        case RefusalCause.CERTIFICATE:
            return SetUpCause.CERTIFICATE
        case RefusalCause.NOT_ENCRYPTED:
            return SetUpCause.NOT_FOUND
        case RefusalCause.PASSWORD | RefusalCause.LOCKED | RefusalCause.NO_PASSWORD:
            return SetUpCause.PASSWORD


async def _candidates(
    address: str, fetcher: Fetcher, locate: Locate, token: bool
) -> AsyncIterator[Candidate]:
    known = preset(address)
    if known is not None:
        yield known
        return
    domain = address.rpartition("@")[2].lower()
    for url in places(domain):
        answer = await fetcher.fetch(url, "", "", MAX_BYTES)
        if isinstance(answer, Fetched):
            for candidate in read_config(answer.body, address, token=token):
                yield candidate
    names = service_names(domain)
    located = await asyncio.gather(*(asyncio.to_thread(locate, name) for name in names))
    told = read_services(dict(zip(names, located, strict=True)), address)
    if told is not None:
        yield told
    for candidate in guesses(address):
        yield candidate
