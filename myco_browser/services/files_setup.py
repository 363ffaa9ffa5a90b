"""From what a user types (a mail address or a server's) to a root of files that works."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.files import FilesCause
from myco_browser.domain.hosts import is_loopback_host
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials
from myco_browser.files.nextcloud import Granted, files_root, is_nextcloud, user_number
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_accounts import FilesAccount
from myco_browser.system.dialled import Way

# Providers of mail whose files speak WebDAV, by the domains of their addresses. From their public
# help pages.
_PROVIDERS = {
    "https://webdav.mailo.com/": ("mailo.com", "mailo.eu", "net-c.com", "netc.fr"),
    "https://dav.mailbox.org/servlet/webdav.infostore/": ("mailbox.org",),
    "https://webdav.mc.gmx.net/": ("gmx.net", "gmx.de", "gmx.at", "gmx.ch"),
    "https://webdav.smartdrive.web.de/": ("web.de",),
    "https://myfiles.fastmail.com/": ("fastmail.com", "fastmail.fm"),
    "https://webdav.magentacloud.de/": ("t-online.de", "magenta.de"),
    "https://drive.runbox.com/": ("runbox.com",),
}  # fmt: skip


def servers_for(text: str) -> tuple[WebAddress, ...]:
    """Addresses to try for what was typed, the best first; none for what cannot be meant."""
    typed = text.strip()
    name, at, domain = typed.rpartition("@")
    if at and name and "/" not in typed and ":" not in typed:
        return tuple(_addresses(_for_domain(domain.lower())))
    if "://" not in typed:
        typed = f"https://{typed}"
    found = parse_web_address(typed)
    if found is None or found.userinfo:
        return ()
    if found.scheme == "http" and not is_loopback_host(found.host):
        found = replace(found, scheme="https")
    return (found,)


def find_root(way: Way, server: WebAddress, credentials: Credentials) -> WebAddress:
    """The root of the user's files at a server; it was looked at. Raises FilesError."""
    root = server
    if is_nextcloud(way, server):
        root = files_root(server, user_number(way, server, credentials))
    elif not root.rest.endswith("/"):
        root = replace(root, rest=f"{root.rest}/")
    dav = WebDav(way, root, credentials)
    try:
        dav.check()
    finally:
        dav.line.close()
    return root


def set_up(way: Way, text: str, user: str, password: str) -> FilesAccount:
    """Looks for a server that takes the password. Raises FilesError: the best-known cause."""
    credentials = Credentials(user or text.strip(), password)
    return _first(servers_for(text), lambda one: find_root(way, one, credentials), credentials.user)


def account_of(granted: Granted, way: Way) -> FilesAccount:
    """The account that a Nextcloud gave. Raises FilesError."""
    credentials = Credentials(granted.user, granted.password)
    return _first((granted.server,), lambda one: find_root(way, one, credentials), granted.user)


def _first(
    servers: tuple[WebAddress, ...], find: Callable[[WebAddress], WebAddress], user: str
) -> FilesAccount:
    worst: FilesError | None = None
    for server in servers:
        try:
            root = find(server)
        except FilesError as error:
            # A server that refuses is the right one; one that is not there tells little.
            if worst is None or worst.cause is FilesCause.UNREACHABLE:
                worst = error
            if error.cause is FilesCause.REFUSED:
                break
        else:
            return FilesAccount(secrets.token_hex(6), root.host, root.url, user)
    raise worst or FilesError(FilesCause.UNREACHABLE, "no address of files")


def _for_domain(domain: str) -> Iterator[str]:
    for root, domains in _PROVIDERS.items():
        if domain in domains:
            yield root
            return
    yield from (f"https://{prefix}{domain}/" for prefix in ("cloud.", "nextcloud.", ""))


def _addresses(texts: Iterator[str]) -> Iterator[WebAddress]:
    return (found for text in texts if (found := parse_web_address(text)) is not None)
