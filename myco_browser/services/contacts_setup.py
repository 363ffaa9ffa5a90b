"""From what a user types (a mail address or a server's) to the place of their contacts (RFC 6764).

A password goes only where the domain itself leads, by its encrypted pages; where only its name
server leads elsewhere, the user is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from myco_browser.contacts.carddav import Found, find_books, settled
from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.files import FilesCause
from myco_browser.domain.hosts import is_loopback_host
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Shows
from myco_browser.mail.autoconfig import is_within
from myco_browser.system.dialled import Way

WELL_KNOWN = "/.well-known/carddav"
Locate = Callable[[str], tuple[tuple[str, int], ...]]

# By the domains of the addresses, from the providers' public help pages.
_PROVIDERS = {
    "https://carddav.mailo.com/": (
        "mailo.com", "mailo.fr", "net-c.com", "net-c.fr", "netc.fr", "netc.eu", "netcourrier.com",
    ),
    "https://sync.infomaniak.com/": ("ik.me", "ikmail.com", "etik.com", "infomaniak.ch"),
    "https://dav.mailbox.org/": ("mailbox.org",),
    "https://posteo.de:8843/": ("posteo.de", "posteo.net", "posteo.org"),
    "https://carddav.fastmail.com/": ("fastmail.com", "fastmail.fm"),
    "https://contacts.icloud.com/": ("icloud.com", "me.com", "mac.com"),
    "https://carddav.gmx.net/": ("gmx.net", "gmx.de", "gmx.at", "gmx.ch"),
    "https://carddav.web.de/": ("web.de",),
}  # fmt: skip


class ElsewhereError(FilesError):
    """Only a name server says where the contacts are: with somebody else, at `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(FilesCause.REFUSED, "elsewhere")
        self.address = address


def look_up(way: Way, text: str, credentials: Shows, locate: Locate) -> Found:
    """Looks for the server that takes the credentials. Raises FilesError: the best-known cause."""
    worst: FilesError | None = None
    for start in _starts(text, locate):
        try:
            return find_books(way, settled(way, start), credentials)
        except ElsewhereError:
            raise
        except FilesError as error:
            # A server that refuses is the right one; one that is not there tells little.
            if worst is None or worst.cause in (FilesCause.UNREACHABLE, FilesCause.GONE):
                worst = error
            if error.cause is FilesCause.REFUSED:
                break
    raise worst or FilesError(FilesCause.UNREACHABLE, "no address of contacts")


def typed_server(text: str) -> WebAddress | None:
    """The server that was typed; None for a mail address, or nonsense."""
    typed = text.strip()
    if "@" in typed or not typed:
        return None
    found = parse_web_address(typed if "://" in typed else f"https://{typed}")
    if found is None or found.userinfo:
        return None
    if found.scheme == "http" and not is_loopback_host(found.host):
        return replace(found, scheme="https")
    return found


def _starts(text: str, locate: Locate) -> Iterator[WebAddress]:
    server = typed_server(text)
    if server is not None:
        if server.rest == "/":
            yield replace(server, rest=WELL_KNOWN)
        yield server
        return
    domain = text.strip().rpartition("@")[2].lower()
    for url, domains in _PROVIDERS.items():
        if domain in domains:
            yield from _addresses(f"{url.rstrip('/')}{WELL_KNOWN}", url)
            return
    yield from _addresses(f"https://{domain}{WELL_KNOWN}")
    for host, port in locate(f"_carddavs._tcp.{domain}"):
        place = f"https://{host}/" if port == 443 else f"https://{host}:{port}/"
        if not is_within(host, domain):
            raise ElsewhereError(place)
        yield from _addresses(f"{place.rstrip('/')}{WELL_KNOWN}")
        break
    for prefix in ("carddav.", "dav.", "cloud.", "nextcloud."):
        yield from _addresses(f"https://{prefix}{domain}{WELL_KNOWN}")


def _addresses(*texts: str) -> Iterator[WebAddress]:
    return (found for text in texts if (found := parse_web_address(text)) is not None)
