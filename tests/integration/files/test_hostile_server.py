"""A server of files that means harm: every question ends in a clear error, and soon."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from support.dav_servers import CREDENTIALS, Scripted, address_of, direct_way

from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.arrivals import Place, fetch
from myco_browser.files.errors import FilesError
from myco_browser.files.nextcloud import is_nextcloud
from myco_browser.files.webdav import WebDav

_LIST = b"HTTP/1.1 207 M\r\nConnection: close\r\n\r\n"
_ROW = b"<d:response><d:href>/x</d:href><d:propstat><d:prop><d:getetag>"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"", FilesCause.INTERRUPTED),
        (b"\0" * 5000, FilesCause.INTERRUPTED),
        (b"SSH-2.0-OpenSSH\r\n", FilesCause.INTERRUPTED),
        (b"HTTP/1.1 207 " + b"x" * 200_000, FilesCause.BROKEN),
        (b"HTTP/1.1 207 M\r\n" + b"A: b\r\n" * 5000, FilesCause.INTERRUPTED),
        (b"HTTP/1.1 207 M\r\nX: " + b"y" * 200_000, FilesCause.BROKEN),
        (b"HTTP/1.1 207 M\r\nContent-Length: 50\r\n\r\n<d", FilesCause.INTERRUPTED),
        (b"HTTP/1.1 207 M\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<d", FilesCause.INTERRUPTED),
        (b"HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:1/\r\n\r\n", FilesCause.FAILED),
        (_LIST + b"<html>no list", FilesCause.BROKEN),
        (_LIST + b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d/>', FilesCause.BROKEN),
        (_LIST + b'<d:m xmlns:d="DAV:">' + b"<d:x>" * 5000, FilesCause.BROKEN),
        (_LIST + b'<d:m xmlns:d="DAV:">' + _ROW + b"e" * 3_000_000, FilesCause.BROKEN),
    ],
)  # fmt: skip
def test_a_list_ends_in_a_clear_error(answer: bytes, cause: FilesCause) -> None:
    # A question that changes nothing is asked once more when the connection breaks.
    server = Scripted(answer, answer)
    dav = WebDav(direct_way(), address_of(server.port), CREDENTIALS)
    with pytest.raises(FilesError) as caught:
        list(dav.list(""))
    dav.line.close()
    server.close()
    assert caught.value.cause is cause
    assert len(server.asked) == 1, "no other place was asked, and nobody was told the password"


@pytest.mark.parametrize(
    "length", [b"Content-Length: 10", b"Content-Length: 3", b"Content-Length: -1"]
)
def test_a_file_of_another_length_gets_no_name(length: bytes, tmp_path: Path) -> None:
    server = Scripted(b"HTTP/1.1 200 OK\r\n%s\r\n\r\nfive!" % length)
    dav = WebDav(direct_way(), address_of(server.port), CREDENTIALS)
    with contextlib.suppress(FilesError):
        fetch(dav, Entry("a/../b", False), Place(tmp_path, "x", "m"), lambda _d, _s: None)
    dav.line.close()
    server.close()
    assert not (tmp_path / "x").exists()
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*"))


def test_an_endless_answer_is_not_gathered() -> None:
    server = Scripted(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{" + b" " * 8_000_000)
    assert not is_nextcloud(direct_way(), address_of(server.port))
    server.close()
