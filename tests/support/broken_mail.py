"""Broken and hostile mails of our own: what senders get wrong, and what attackers try."""

from __future__ import annotations

import random
from collections.abc import Iterator

_HEAD = "From: a@far.test\r\nTo: b@coop.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
_CHARSETS = (
    "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "koi8-r", "shift_jis", "gb18030", "utf-7",
    "utf-16", "base64", "hex", "rot13", "zlib", "no-such-charset", "", '"', "utf-8;x", "x" * 500,
    "\\udcff", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs",
)  # fmt: skip
_ENCODINGS = (
    "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "BASE64 ", "nonsense",
    "", "base64; x=y", "gzip", "uu", "=?utf-8?q?base64?=",
)  # fmt: skip
_KINDS = (
    "text/plain", "text/html", "multipart/mixed", "multipart/alternative", "multipart/related",
    "message/rfc822", "message/partial; id=x; number=1; total=2", "message/external-body",
    "application/octet-stream", "image/png", "text", "/", "text/", "/html", "text/html/x",
    "multipart/mixed; boundary=", 'multipart/mixed; boundary=""', "multipart/mixed; boundary=x",
    'multipart/mixed; boundary="' + "b" * 5000 + '"', "message/delivery-status", "text/calendar",
    "multipart/signed; micalg=x; boundary=x", "application/ms-tnef", "\x00/\x00", "TEXT/HTML",
)  # fmt: skip
_BODIES = (
    b"", b"\r\n", b"Hello", b"\xff\xfe\xfd", b"=", b"=3", b"=ZZ", b"=\r\n=\r\n", b"A", b"AB=",
    b"QUJD====", b"--x\r\n\r\n--x--", b"--x\r\n--x\r\n--x", b"--x--",
    b"begin 644 a\r\n#0V%T\r\n`\r\nend",
    b"\x00" * 100, b"<" * 5000, b"<a " * 2000, b"<table>" * 3000, b"&" * 3000, b"<!--" * 500,
    b"<style>" + b"{" * 3000, b"\r" * 1000, b"\n.\n", b"x" * 200_000, b"> " * 3000,
    b"<p>" * 5000,
)  # fmt: skip
_FIELDS = (
    b"Subject: \xff\xfe", b"Subject: =?utf-8?b?////?=", b"Subject: =?x?q?=41?=", b"Subject:",
    b"Subject: =?utf-8?q?" + b"=41" * 3000 + b"?=", b"Subject: =?utf-8?b?" + b"A" * 9001 + b"?=",
    b"Subject: " + b"=?utf-8?q?a?= " * 2000, b"From:", b"From: <", b"From: @", b"From: a@b@c@d",
    b"From: \"" + b"(" * 3000, b"From: " + b"a@b.c, " * 3000, b"From: undisclosed-recipients:;",
    b"From: =?utf-8?q?bank=40real.test?= <evil@far.test>", b"From: \xe2\x80\xae<x@y>",
    b"Date: yesterday", b"Date: Mon, 99 Foo 99999 99:99:99 +9999", b"Date: " + b"9" * 5000,
    b"Date: Thu, 01 Jan 0001 00:00:00 -2359", b"Message-ID: " + b"<" * 3000, b"Message-ID: <>",
    b"References: " + b"<a@b> " * 5000, b"In-Reply-To: \x00", b"Content-ID: <" + b"x" * 5000 + b">",
    b"Content-Disposition: attachment; filename=\"../../etc/passwd\"",
    b"Content-Disposition: attachment; filename*=utf-8''%2e%2e%2f%ff",
    b"Content-Disposition: attachment; filename*0=a; filename*99999999=b",
    b"Content-Disposition: attachment; filename=\"a\x00.exe\"",
    b"Content-Disposition: inline; filename=" + b"x" * 9000,
    b"Authentication-Results: " + b"((((" * 2000, b"Authentication-Results: coop.test; dmarc=pass",
    b"Bare-LF: a\nInjected: b", b": no name", b"no colon at all", b" folded from nothing",
    b"\xff\xff: x", b"X: " + b"y" * 100_000, b"\r", b"From: a\r\n\tb\r\n\tc <x@y>",
    b"Return-Receipt-To: a@b", b"Disposition-Notification-To: spy@far.test",
    b"Content-Length: -1", b"Content-Type: text/html; charset=utf-8; charset=koi8-r",
)  # fmt: skip


def _structures() -> Iterator[bytes]:
    for depth in (5, 39, 41, 200, 1500):
        lines = [_HEAD]
        for level in range(depth):
            lines.append(
                f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'
            )
        yield "".join(lines).encode() + b"Content-Type: text/plain\r\n\r\ndeep"
    for depth in (3, 60, 800):
        yield (_HEAD + "Content-Type: message/rfc822\r\n\r\n").encode() * depth + b"\r\nend"
    head = _HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    yield head.encode() + b"--b\r\n\r\nx\r\n" * 5000
    yield head.encode() + b"--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n" * 600 + b"--b--"
    yield head.encode() + (b"--b" + b"-" * 100 + b"\r\n") * 3000
    yield b"\r\n".join(b"X-%d: y" % number for number in range(20_000)) + b"\r\n\r\nbody"
    yield b""
    yield b"\r\n\r\n"
    yield b"\x00" * 10_000
    yield bytes(range(256)) * 50
    yield b"From " * 3000


def broken_mails(seed: int = 1) -> list[bytes]:
    """At least 300 of them, the same each time."""
    found = list(_structures())
    for field in _FIELDS:
        found.append(field + b"\r\n" + _HEAD.encode() + b"\r\nbody")
        found.append(_HEAD.encode() + field + b"\r\nContent-Type: text/html\r\n\r\n<b>body")
    for kind in _KINDS:
        for body in _BODIES[::3]:
            found.append(f"{_HEAD}Content-Type: {kind}\r\n\r\n".encode() + body)
    for charset in _CHARSETS:
        for kind in ("plain", "html"):
            head = f"{_HEAD}Content-Type: text/{kind}; charset={charset}\r\n\r\n"
            found.append(head.encode("utf-8", "surrogatepass") + b"caf\xe9 \xff\x00 +AGE-")
    for encoding in _ENCODINGS:
        for body in _BODIES[::2]:
            head = f"{_HEAD}Content-Transfer-Encoding: {encoding}\r\n\r\n"
            found.append(head.encode() + body)
    chance = random.Random(seed)
    for _number in range(60):
        raw = bytearray(chance.choice(found)[:20_000] or b"x")
        for _turn in range(chance.randrange(1, 30)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        found.append(bytes(raw))
    return found
