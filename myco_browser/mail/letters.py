"""From the source of a message to a letter that can be read."""

from __future__ import annotations

from myco_browser.domain.mail import Attachment, Letter
from myco_browser.mail import headers
from myco_browser.mail.authenticity import judge
from myco_browser.mail.parts import Parsed, content_of, parse
from myco_browser.mail.safe_html import make_safe


def read_letter(
    uid: int, raw: bytes, own_hosts: tuple[str, ...], *, remote: bool = False
) -> Letter:
    """The letter; with `remote` its HTML keeps pictures from elsewhere."""
    parsed = parse(raw)
    header = parsed.header
    numbers = {name: number for number, name in enumerate(parsed.pictures)}
    safe = make_safe(parsed.html, numbers, remote=remote) if parsed.html.strip() else None
    return Letter(
        uid,
        headers.sender_of(header),
        headers.people(header, "To"),
        headers.people(header, "Cc"),
        headers.people(header, "Reply-To"),
        headers.field(header, "Subject"),
        headers.date_of(header),
        headers.message_id_of(header),
        headers.references_of(header),
        parsed.text,
        safe.html if safe is not None else "",
        tuple(safe.remote) if safe is not None else (),
        _attachments(parsed),
        tuple((name, kind, body) for name, (kind, body) in parsed.pictures.items()),
        judge(header, own_hosts),
        parsed.trouble,
        bool(headers.raw_field(header, "Disposition-Notification-To")),
        remote,
    )


def _attachments(parsed: Parsed) -> tuple[Attachment, ...]:
    return tuple(attachment for attachment, _part in parsed.attachments)


def attachment_bytes(raw: bytes, number: int) -> bytes:
    """The content of the attachment with that number; empty when there is none."""
    found = parse(raw).attachments
    return content_of(found[number][1]) if number < len(found) else b""
