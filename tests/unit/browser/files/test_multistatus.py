"""Lists of files from servers that cannot be trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.files import FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.multistatus import Multistatus, Row
from myco_browser.files.paths import decoded, encoded, is_name


def rows_of(text: str | bytes, step: int = 7) -> list[Row]:
    raw = text.encode() if isinstance(text, str) else text
    reader = Multistatus()
    found: list[Row] = []
    for at in range(0, len(raw), step):
        found += reader.feed(raw[at : at + step])
    return [*found, *reader.finish()]


LIST = """<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:o="http://owncloud.org/ns">
<D:response><D:href>/dav/a/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/>
</D:resourcetype><o:size>77</o:size></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
<D:propstat><D:prop><D:getcontentlength>5</D:getcontentlength></D:prop>
<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>
<D:response><D:href>/dav/b%20c.txt</D:href><D:propstat><D:prop><D:resourcetype/>
<D:getcontentlength>12</D:getcontentlength>
<D:getlastmodified>Sun, 06 Nov 1994 08:49:37 GMT</D:getlastmodified>
<D:getetag>"x"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
</D:multistatus>"""


@pytest.mark.parametrize("step", [1, 7, 4096])
def test_a_list_is_read_however_it_is_cut(step: int) -> None:
    folder, file = rows_of(LIST, step)
    assert folder.is_collection
    assert folder.number("size", "http://owncloud.org/ns") == 77
    assert folder.number("getcontentlength") is None
    assert (file.href, file.is_collection, file.number("getcontentlength")) == (
        "/dav/b%20c.txt", False, 12,
    )  # fmt: skip
    moment = file.date("getlastmodified")
    assert moment is not None
    assert moment.isoformat() == "1994-11-06T08:49:37+00:00"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        "<a>" * 40,
        f'<d:multistatus xmlns:d="DAV:"><d:response><d:href>{"x" * 9000}</d:href>',
        "no xml",
        '<d:multistatus xmlns:d="DAV:"><d:response>',
        b"\xff\xfe\x00",
        "",
    ],
)
def test_hostile_answers_are_refused(text: str | bytes) -> None:
    with pytest.raises(FilesError) as caught:
        rows_of(text)
    assert caught.value.cause is FilesCause.BROKEN


@given(st.binary(max_size=400))
def test_anything_ends_in_rows_or_in_a_clear_error(raw: bytes) -> None:
    causes = set()
    try:
        rows_of(raw)
    except FilesError as error:
        causes.add(error.cause)
    assert causes <= {FilesCause.BROKEN}


@pytest.mark.parametrize(
    "reference",
    [
        "/dav/../etc/passwd",
        "/dav/%2e%2e/x",
        "/dav/a%2fb",
        "/dav/a%00b",
        "/other/x",
        "http://else.example/dav/x",
        "/dav/%ff",
        "//else.example/dav/x",
        "http://[::1/dav/x",
        f"/dav/{'x' * 9000}",
    ],
)
def test_references_that_lead_elsewhere_are_dropped(reference: str) -> None:
    assert decoded("/dav/", reference, "cloud.example") is None


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("/dav/", ""),
        ("/dav/a%20b/c%2B.txt", "a b/c+.txt"),
        ("https://Cloud.example/dav/x", "x"),
        ("https://cloud.example:443/dav/x/", "x"),
        ("/dav//x", "x"),
    ],
)
def test_references_below_the_root_become_paths(reference: str, path: str) -> None:
    assert decoded("/dav/", reference, "cloud.example") == path


@given(st.lists(st.text(min_size=1, max_size=20).filter(is_name), min_size=1, max_size=5))
def test_a_path_comes_back_from_its_address(parts: list[str]) -> None:
    path = "/".join(parts)
    assert decoded("/dav/", encoded("/dav/", path), "cloud.example") == path
