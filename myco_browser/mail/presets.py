"""Where the servers of well-known providers are: nobody has to be asked about these.

Hosts and ports are those that the providers name in their public help pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from myco_browser.domain.mail import Security, Server
from myco_browser.domain.messages import N_


@dataclass(frozen=True, slots=True)
class Candidate:
    """Servers that an account may have."""

    imap: Server
    smtp: Server
    login: str
    sure: bool = True
    """Whether somebody said so; else it is a guess."""
    elsewhere: bool = False
    """Whether only a name server says so, and it leads out of the domain of the address."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One line of the table."""

    name: str
    domains: tuple[str, ...]
    imap: str
    smtp: str
    smtp_port: int = 465
    hint: str = ""
    """What the user has to know besides."""


APP_PASSWORD = N_(
    "This provider wants a password that is made for one program: make one in its settings on the "
    "web, and type it here."
)
NO_IMAP = N_("This provider does not let other programs read mail with a password.")

_PROVIDERS = (
    Provider(
        "Mailo",
        ("mailo.com", "mailo.fr", "net-c.com", "net-c.fr", "netc.fr", "netc.eu", "netcourrier.com"),
        "mail.mailo.com",
        "mail.mailo.com",
    ),
    # France
    Provider("Orange", ("orange.fr", "wanadoo.fr"), "imap.orange.fr", "smtp.orange.fr"),
    Provider("Free", ("free.fr", "libertysurf.fr", "online.fr"), "imap.free.fr", "smtp.free.fr"),
    Provider("La Poste", ("laposte.net",), "imap.laposte.net", "smtp.laposte.net"),
    Provider(
        "SFR",
        ("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "9online.fr", "9business.fr"),
        "imap.sfr.fr",
        "smtp.sfr.fr",
    ),
    Provider("Bouygues Telecom", ("bbox.fr",), "imap.bbox.fr", "smtp.bbox.fr"),
    Provider("Zaclys", ("zaclys.net", "mailz.org"), "mail.zaclys.com", "mail.zaclys.com"),
    Provider("Gandi", ("gandi.net",), "mail.gandi.net", "mail.gandi.net"),
    Provider("OVHcloud", ("ovh.net", "ovh.fr"), "ssl0.ovh.net", "ssl0.ovh.net"),
    # Belgium
    Provider(
        "Proximus", ("proximus.be", "skynet.be", "belgacom.net"), "imap.proximus.be",
        "smtp.proximus.be",
    ),
    Provider("Telenet", ("telenet.be", "pandora.be"), "imap.telenet.be", "smtp.telenet.be", 587),
    Provider("VOO", ("voo.be",), "imap.voo.be", "smtp.voo.be"),
    Provider("Mailfence", ("mailfence.com",), "imap.mailfence.com", "smtp.mailfence.com"),
    # Switzerland
    Provider(
        "Infomaniak", ("ik.me", "ikmail.com", "etik.com", "infomaniak.ch"), "mail.infomaniak.com",
        "mail.infomaniak.com",
    ),
    Provider("Swisscom", ("bluewin.ch",), "imaps.bluewin.ch", "smtpauths.bluewin.ch"),
    # Others
    Provider(
        "Gmail", ("gmail.com", "googlemail.com"), "imap.gmail.com", "smtp.gmail.com",
        hint=APP_PASSWORD,
    ),
    Provider(
        "Yahoo",
        ("yahoo.com", "yahoo.fr", "yahoo.be", "yahoo.co.uk", "yahoo.de", "ymail.com", "aol.com"),
        "imap.mail.yahoo.com", "smtp.mail.yahoo.com", hint=APP_PASSWORD,
    ),
    Provider(
        "iCloud", ("icloud.com", "me.com", "mac.com"), "imap.mail.me.com", "smtp.mail.me.com", 587,
        hint=APP_PASSWORD,
    ),
    Provider(
        "Outlook",
        ("outlook.com", "outlook.fr", "outlook.be", "hotmail.com", "hotmail.fr", "live.com",
         "live.fr", "live.be", "msn.com"),
        "outlook.office365.com", "smtp.office365.com", 587, hint=NO_IMAP,
    ),
    Provider("GMX", ("gmx.net", "gmx.de", "gmx.at", "gmx.ch"), "imap.gmx.net", "mail.gmx.net"),
    Provider("GMX", ("gmx.com", "gmx.fr"), "imap.gmx.com", "mail.gmx.com"),
    Provider("WEB.DE", ("web.de",), "imap.web.de", "smtp.web.de", 587),
    Provider("Posteo", ("posteo.net", "posteo.de", "posteo.org"), "posteo.de", "posteo.de"),
    Provider("mailbox.org", ("mailbox.org",), "imap.mailbox.org", "smtp.mailbox.org"),
    Provider(
        "Fastmail", ("fastmail.com", "fastmail.fm"), "imap.fastmail.com", "smtp.fastmail.com",
        hint=APP_PASSWORD,
    ),
    Provider("Zoho", ("zoho.com", "zohomail.com"), "imap.zoho.com", "smtp.zoho.com"),
    Provider("Riseup", ("riseup.net",), "mail.riseup.net", "mail.riseup.net"),
    Provider("Disroot", ("disroot.org",), "disroot.org", "disroot.org"),
    Provider(
        "Autistici/Inventati", ("autistici.org", "inventati.org"), "mail.autistici.org",
        "smtp.autistici.org",
    ),
    Provider("Runbox", ("runbox.com",), "mail.runbox.com", "mail.runbox.com"),
    Provider(
        "Proton", ("proton.me", "protonmail.com", "pm.me"), "", "", hint=NO_IMAP
    ),
    Provider("Tuta", ("tuta.com", "tutanota.com", "tuta.io", "tutamail.com"), "", "", hint=NO_IMAP),
)  # fmt: skip
_BY_DOMAIN = {domain: one for one in _PROVIDERS for domain in one.domains}


def provider_of(address: str) -> Provider | None:
    """The provider that has the domain of an address."""
    return _BY_DOMAIN.get(address.rpartition("@")[2].strip().lower())


def preset(address: str) -> Candidate | None:
    """The servers of the provider; None when it is none of ours or has none to offer."""
    provider = provider_of(address)
    if provider is None or not provider.imap:
        return None
    return Candidate(
        Server(provider.imap, 993, Security.TLS),
        submission_server(provider.smtp, provider.smtp_port),
        address,
    )


def submission_server(host: str, port: int) -> Server:
    """With the protection that belongs to the port (RFC 8314)."""
    return Server(host, port, Security.TLS if port == 465 else Security.STARTTLS)


def guesses(address: str) -> tuple[Candidate, ...]:
    """Where the servers of a domain usually are."""
    domain = address.rpartition("@")[2].lower()
    found = []
    for prefix in ("imap.", "mail.", ""):
        outgoing = "smtp." if prefix == "imap." else prefix
        imap = Server(prefix + domain, 993, Security.TLS)
        for port in (465, 587):
            smtp = submission_server(outgoing + domain, port)
            found.append(Candidate(imap, smtp, address, sure=False))
    return tuple(found)
