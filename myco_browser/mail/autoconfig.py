"""Reads what a domain says about its mail servers: the XML of "autoconfig", and its SRV records.

The format is the one that mail programs agreed on (draft-bucksch-autoconfig). Servers without
encryption are left out, whatever the domain says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from myco_browser.domain.hosts import parse_host
from myco_browser.domain.mail import Security, Server
from myco_browser.mail.presets import Candidate

MAX_BYTES = 262_144
_SECURITY = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_MOST = 8
Place = tuple[str, int]
"""A host and a port."""


def places(domain: str) -> tuple[str, ...]:
    """Where a domain may say it. The address of the user is not told to anybody."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def read_config(raw: bytes, address: str, *, token: bool = False) -> tuple[Candidate, ...]:
    """The servers that the file names, the first one first; none when it makes no sense.

    `token`: those that take one (RFC 7628), instead of a password.
    """
    root = _root(raw)
    if root is None:
        return ()
    methods = frozenset({"oauth2"}) if token else frozenset({"password-cleartext", "plain"})
    incoming = list(_servers(root, "incomingServer", "imap", address, methods))
    outgoing = list(_servers(root, "outgoingServer", "smtp", address, methods))
    if not outgoing:
        return ()
    return tuple(Candidate(server, outgoing[0][0], login) for server, login in incoming[:_MOST])


def read_issuer(raw: bytes) -> str:
    """Where the users of the domain sign in (OAuth 2.0), as the file says; "" for nowhere."""
    root = _root(raw)
    found = next(iter(root.iter("oAuth2")), None) if root is not None else None
    return found.findtext("issuer", "").strip()[:1000] if found is not None else ""


def _root(raw: bytes) -> ElementTree.Element | None:
    # No honest file has a document type, and entities are what bombs are made of.
    if len(raw) > MAX_BYTES or b"<!" in raw.replace(b"<!--", b""):
        return None
    try:
        return ElementTree.fromstring(raw)  # noqa: S314 - without a document type there are no entities
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        return None


_INCOMING = {"_imaps._tcp": Security.TLS, "_imap._tcp": Security.STARTTLS}
_OUTGOING = {"_submissions._tcp": Security.TLS, "_submission._tcp": Security.STARTTLS}


def service_names(domain: str) -> tuple[str, ...]:
    """Under which names a domain may have its mail servers (RFC 6186, RFC 8314)."""
    return tuple(f"{service}.{domain}" for service in (*_INCOMING, *_OUTGOING))


def read_services(found: Mapping[str, Sequence[Place]], address: str) -> Candidate | None:
    """The servers that the domain's name server names, by `service_names`; None without both.

    Anybody on the way may have forged this: a candidate outside the domain is marked, so that the
    user is asked before it is shown a password (RFC 6186, section 6).
    """
    domain = address.rpartition("@")[2].lower()
    imap, smtp = (_first_server(found, kinds, domain) for kinds in (_INCOMING, _OUTGOING))
    if imap is None or smtp is None:
        return None
    elsewhere = not all(is_within(server.host, domain) for server in (imap, smtp))
    return Candidate(imap, smtp, address, elsewhere=elsewhere)


def is_within(host: str, domain: str) -> bool:
    """Whether a host is of that domain."""
    return host == domain or host.endswith(f".{domain}")


def _first_server(
    found: Mapping[str, Sequence[Place]], kinds: Mapping[str, Security], domain: str
) -> Server | None:
    for service, security in kinds.items():
        for target, port in found.get(f"{service}.{domain}", ()):
            # A target of "." means: there is none (RFC 2782).
            host = parse_host(target)
            if host is not None and 0 < port < 65536:
                return Server(host, port, security)
    return None


def _servers(
    root: ElementTree.Element, tag: str, kind: str, address: str, wanted: frozenset[str]
) -> Iterator[tuple[Server, str]]:
    for element in root.iter(tag):
        if element.get("type", "").lower() != kind:
            continue
        host = parse_host(_filled(element.findtext("hostname", ""), address))
        port = element.findtext("port", "").strip()
        security = _SECURITY.get(element.findtext("socketType", "").strip().upper())
        methods = {(one.text or "").strip().lower() for one in element.iter("authentication")}
        if host is None or security is None or not port.isdecimal() or len(port) > 5:
            continue
        if methods and methods.isdisjoint(wanted):
            continue
        login = _filled(element.findtext("username", "%EMAILADDRESS%"), address)
        yield Server(host, int(port), security), login.strip() or address


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for word, value in (
        ("%EMAILADDRESS%", address), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain),
    ):  # fmt: skip
        text = text.replace(word, value)
    return text.strip()
