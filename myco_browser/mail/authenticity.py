"""What the user's own server found out about the sender: Authentication-Results (RFC 8601).

Only the field that the own server wrote counts: it is the first one, and its name must belong to
the account's server or domain, because a sender can write such fields as well.
"""

from __future__ import annotations

import re
from email.message import Message

from myco_browser.domain.hosts import registrable_domain
from myco_browser.domain.mail import Authenticity
from myco_browser.mail.headers import raw_fields

_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def judge(header: Message, own_hosts: tuple[str, ...]) -> Authenticity:
    """Whether the sender's domain is genuine, as far as a server of `own_hosts` says."""
    fields = raw_fields(header, "Authentication-Results")
    if not fields:
        return Authenticity.UNKNOWN
    text = _COMMENT.sub(" ", fields[0].replace("\r", " ").replace("\n", " "))
    writer, _, results = text.partition(";")
    if not _is_own(writer.split()[:1], own_hosts):
        return Authenticity.UNKNOWN
    found = {name.lower(): result.lower() for name, result in _RESULT.findall(results)}
    match found.get("dmarc"):
        case "pass":
            return Authenticity.CONFIRMED
        case "fail":
            return Authenticity.FAILED
        case _:
            # SPF and DKIM alone say nothing about the address that is shown.
            return Authenticity.UNKNOWN


def _is_own(writer: list[str], own_hosts: tuple[str, ...]) -> bool:
    if not writer:
        return False
    name = writer[0].lower().rstrip(".")
    domains = {registrable_domain(host) or host for host in own_hosts}
    return name in own_hosts or (registrable_domain(name) or name) in domains
