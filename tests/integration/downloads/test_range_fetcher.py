"""Going on with downloads through a real door, judged at the server and on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.door_rig import door_rig
from support.download_site import DownloadSite, Offered, serve_downloads

from myco_browser.domain.cookies import Cookie, cookie_header
from myco_browser.domain.downloads import Cause
from myco_browser.services.range_fetcher import (
    Arrived,
    Progress,
    RangeFetcher,
    Stopped,
    Validators,
    Wanted,
)

BODY = bytes(range(256)) * 4000
HALF = 400_000
DATE = "Sun, 22 Nov 2026 07:00:00 GMT"
URL = "http://files.test/big.dat"
PLACE = "files.test/big.dat"


@pytest.fixture
def site() -> Iterator[DownloadSite]:
    with serve_downloads() as made:
        yield made


def _resume(
    site: DownloadSite, part: Path, *, etag: str = "", modified: str = "", total: int = len(BODY)
) -> tuple[Arrived | Stopped, list[Progress]]:
    told: list[Progress] = []
    have = part.stat().st_size

    async def run() -> Arrived | Stopped:
        async with door_rig(f"*.test 127.0.0.1:{site.port}") as rig:
            fetcher = RangeFetcher(rig.proxy, "agent", "fr,en", lambda _address: "a=1")
            wanted = Wanted(URL, part, have, total, etag, modified)
            return await fetcher.resume(wanted, told.append)

    return asyncio.run(run()), told


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """Half of the file."""
    path = tmp_path / "big.dat.part"
    path.write_bytes(BODY[:HALF])
    return path


def test_the_rest_is_asked_for_and_put_behind(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(BODY, etag='"1"')
    outcome, told = _resume(site, part, etag='"1"')
    assert outcome == Arrived(len(BODY), anew=False)
    assert part.read_bytes() == BODY
    asked = site.asked[0].headers
    assert (asked["range"], asked["if-range"]) == (f"bytes={HALF}-", '"1"')
    assert (asked["user-agent"], asked["accept-language"]) == ("agent", "fr,en")
    assert (asked["cookie"], asked["accept-encoding"]) == ("a=1", "identity")
    assert told[0].received == HALF


def test_a_date_serves_where_there_is_no_tag(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(BODY, etag='W/"1"', last_modified=DATE)
    outcome, _told = _resume(site, part, etag='W/"1"', modified=DATE)
    assert outcome == Arrived(len(BODY), anew=False)
    assert site.asked[0].headers["if-range"] == DATE


@pytest.mark.parametrize(
    ("offered", "etag"),
    [
        (Offered(BODY[::-1], etag='"2"'), '"1"'),
        (Offered(BODY[::-1], etag='"1"', ranges=False), '"1"'),
        (Offered(BODY[::-1]), ""),
    ],
)
def test_what_cannot_be_gone_on_with_begins_anew(
    site: DownloadSite, part: Path, offered: Offered, etag: str
) -> None:
    site.files[PLACE] = offered
    outcome, told = _resume(site, part, etag=etag)
    assert outcome == Arrived(len(BODY), anew=True)
    assert part.read_bytes() == BODY[::-1]
    assert told[0].anew


def test_a_shorter_new_file_leaves_nothing_of_the_old(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(b"short", etag='"2"')
    outcome, _told = _resume(site, part, etag='"1"')
    assert outcome == Arrived(5, anew=True)
    assert part.read_bytes() == b"short"


def test_a_break_keeps_what_arrived(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(BODY, etag='"1"', cut_at=800_000)
    outcome, _told = _resume(site, part, etag='"1"')
    assert outcome == Stopped(Cause.NETWORK)
    assert part.read_bytes() == BODY[:800_000]


@pytest.mark.parametrize(
    ("offered", "cause"),
    [
        (Offered(b"<title>log in</title>", headers=(("Content-Type", "text/html"),)),
         Cause.FORBIDDEN),
        (Offered(b"", status=403), Cause.FORBIDDEN),
        (Offered(b"", status=410), Cause.NOT_FOUND),
        (Offered(b"", status=500), Cause.SERVER),
        (Offered(BODY, headers=(("Content-Encoding", "gzip"),)), Cause.SERVER),
    ],
)  # fmt: skip
def test_no_file_touches_nothing(
    site: DownloadSite, part: Path, offered: Offered, cause: Cause
) -> None:
    site.files[PLACE] = offered
    outcome, _told = _resume(site, part)
    assert outcome == Stopped(cause)
    assert part.read_bytes() == BODY[:HALF]


def test_a_server_that_names_another_length_is_not_believed(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(BODY, etag='"1"')
    outcome, _told = _resume(site, part, etag='"1"', total=len(BODY) + 1)
    assert outcome == Stopped(Cause.SERVER)
    assert part.read_bytes() == BODY[:HALF]


def test_a_link_in_place_of_the_part_is_not_followed(site: DownloadSite, tmp_path: Path) -> None:
    site.files[PLACE] = Offered(BODY)
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / "big.dat.part").symlink_to(mine)
    outcome, _told = _resume(site, tmp_path / "big.dat.part")
    assert isinstance(outcome, Stopped)
    assert mine.read_text() == "mine"


def test_redirects_are_followed_but_not_in_circles(site: DownloadSite, part: Path) -> None:
    site.files[PLACE] = Offered(b"", status=302, headers=(("Location", "/moved.dat"),))
    site.files["files.test/moved.dat"] = Offered(BODY, etag='"1"')
    outcome, _told = _resume(site, part, etag='"1"')
    assert outcome == Arrived(len(BODY), anew=False)
    site.files[PLACE] = Offered(b"", status=302, headers=(("Location", "/big.dat"),))
    outcome, _told = _resume(site, part, etag='"1"')
    assert outcome == Arrived(len(BODY), anew=False), "it was whole already"
    part.write_bytes(BODY[:HALF])
    outcome, _told = _resume(site, part, etag='"1"')
    assert outcome == Stopped(Cause.SERVER)


def test_each_hop_gets_the_cookies_of_its_own_origin(site: DownloadSite, part: Path) -> None:
    jar = (
        Cookie("host", "1", "files.test", "/", False, False),
        Cookie("wide", "2", ".files.test", "/", False, False),
        Cookie("deep", "3", "files.test", "/private", False, False),
        Cookie("sealed", "4", "files.test", "/", True, False),
    )

    def to(url: str) -> Offered:
        return Offered(b"", status=302, headers=(("Location", url),))

    site.files[PLACE] = to("http://other.test/a")
    site.files["other.test/a"] = to("//notfiles.test/b")
    site.files["notfiles.test/b"] = to("http://cdn.files.test/c")
    site.files["cdn.files.test/c"] = to("http://files.test/private/d")
    site.files["files.test/private/d"] = Offered(BODY, etag='"1"')

    async def run() -> Arrived | Stopped:
        async with door_rig(f"*.test 127.0.0.1:{site.port}") as rig:
            fetcher = RangeFetcher(
                rig.proxy, "agent", "fr", lambda at: cookie_header(jar, at, from_itself=True)
            )
            wanted = Wanted(URL, part, HALF, len(BODY), '"1"', "")
            return await fetcher.resume(wanted, lambda _progress: None)

    assert asyncio.run(run()) == Arrived(len(BODY), anew=False)
    assert [(one.place, one.headers.get("cookie")) for one in site.asked] == [
        (PLACE, "host=1; wide=2"),
        ("other.test/a", None),
        ("notfiles.test/b", None),
        ("cdn.files.test/c", "wide=2"),
        ("files.test/private/d", "deep=3; host=1; wide=2"),
    ]
    assert not any({"authorization", "referer"} & one.headers.keys() for one in site.asked)


def test_a_server_is_asked_what_it_has(site: DownloadSite) -> None:
    site.files[PLACE] = Offered(BODY, etag='"1"', last_modified=DATE)

    async def run() -> Validators | None:
        async with door_rig(f"*.test 127.0.0.1:{site.port}") as rig:
            return await RangeFetcher(rig.proxy, "agent", "fr", lambda _address: "").probe(URL)

    assert asyncio.run(run()) == Validators(len(BODY), '"1"', DATE, True)
    assert [one.method for one in site.asked] == ["HEAD"]
