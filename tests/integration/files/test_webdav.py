"""The client of files against real servers."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dav_servers import (
    CREDENTIALS,
    DavServer,
    apache_is_here,
    apache_server,
    direct_way,
    wsgidav_server,
)

from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.arrivals import Place, Progress, fetch, settle
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials
from myco_browser.files.transfers import Errand, Mark, replace, upload
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_pictures import small_picture
from myco_browser.services.files_search import search


@pytest.fixture(scope="module", params=["wsgidav", "apache"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DavServer]:
    base = tmp_path_factory.mktemp(request.param)
    if request.param == "apache" and not apache_is_here():
        pytest.skip("Apache is not installed (package apache2-bin)")
    make = apache_server if request.param == "apache" else wsgidav_server
    with make(base) as running:
        yield running


@pytest.fixture
def dav(server: DavServer) -> Iterator[WebDav]:
    found = WebDav(direct_way(), server.root, CREDENTIALS)
    yield found
    for entry in list(found.list("")):
        found.delete(entry.path, folder=entry.is_folder)
    found.line.close()


def put(dav: WebDav, path: str, content: bytes) -> str:
    return dav.write(path, io.BytesIO(content), len(content))


def settled(server: DavServer, dav: WebDav, path: str) -> Entry:
    """The file as it is listed some time after it was written: Apache's etag is weak at first."""
    os.utime(server.folder / path, (1_700_000_000, 1_700_000_000))
    found = dav.find(path)
    assert found is not None
    assert found.etag.startswith('"')
    return found


def download(dav: WebDav, entry: Entry, folder: Path, tell: Progress) -> Path:
    place = Place.of(entry, folder, "mark")
    fetch(dav, entry, place, tell)
    return settle(place, lambda _name: None)


def nothing(_done: int, _whole: int | None) -> None:
    pass


def test_a_wrong_password_is_refused(server: DavServer) -> None:
    with pytest.raises(FilesError) as caught:
        WebDav(direct_way(), server.root, Credentials("alice", "wrong")).check()
    assert caught.value.cause is FilesCause.REFUSED


def test_names_of_all_kinds_come_back(dav: WebDav) -> None:
    names = ["a b.txt", "é%20ü.txt", "100% + & = ?.txt", "日本.txt", "#;:@.txt", "a'b.txt"]
    dav.check()
    dav.make_folder("Ordner ä")
    for name in names:
        put(dav, f"Ordner ä/{name}", name.encode())
    listed = {entry.name: entry for entry in dav.list("Ordner ä")}
    assert sorted(listed) == sorted(names)
    assert all(entry.size == len(name.encode()) for name, entry in listed.items())
    assert all(entry.etag and entry.modified for entry in listed.values())
    assert [entry.is_folder for entry in dav.list("")] == [True]
    content = dav.read("Ordner ä/é%20ü.txt")
    assert b"".join(content.pieces) == "é%20ü.txt".encode()


def test_nothing_is_written_over(server: DavServer, dav: WebDav) -> None:
    put(dav, "a.txt", b"first")
    etag = settled(server, dav, "a.txt").etag
    with pytest.raises(FilesError) as caught:
        put(dav, "a.txt", b"second")
    assert caught.value.cause is FilesCause.TAKEN
    put(dav, "b.txt", b"other")
    with pytest.raises(FilesError) as caught:
        dav.move("b.txt", "a.txt")
    assert caught.value.cause is FilesCause.TAKEN
    dav.write("a.txt", io.BytesIO(b"third, and longer"), 17, over=etag)
    with pytest.raises(FilesError) as caught:
        dav.write("a.txt", io.BytesIO(b"fourth"), 6, over=etag)
    assert caught.value.cause is FilesCause.CHANGED
    with pytest.raises(FilesError) as caught:
        dav.make_folder("a.txt")
    assert caught.value.cause is FilesCause.TAKEN
    assert b"".join(dav.read("a.txt").pieces) == b"third, and longer"


def test_names_are_found_below_a_folder_and_the_room_is_told(
    server: DavServer, dav: WebDav
) -> None:
    dav.make_folder("one")
    dav.make_folder("one/Été")
    for path in ("Bill march.txt", "one/march BILL.txt", "one/Été/bill.txt", "one/Été/march"):
        put(dav, path, b"x")
    found = [entry.path for entry in search(dav, "", "bill MARCH")]
    assert found == ["Bill march.txt", "one/march BILL.txt"]
    assert [entry.path for entry in search(dav, "one", "été")] == ["one/Été"]
    quota = dav.quota()
    # Apache does not tell.
    assert (quota.free or 0) > 0 or server.name == "apache"


def test_small_pictures_are_files_themselves_where_the_server_makes_none(dav: WebDav) -> None:
    put(dav, "a.png", b"picture")
    entry = dav.find("a.png")
    assert entry is not None
    assert entry.kind == "image/png"
    assert small_picture(dav, None, entry, 100) == b"picture"
    assert small_picture(dav, None, entry._replace(size=5 << 20), 100) == b""
    assert small_picture(dav, None, entry._replace(kind="text/html"), 100) == b""


def test_moving_and_deleting_folders(dav: WebDav) -> None:
    dav.make_folder("one")
    put(dav, "one/x.txt", b"x")
    dav.move("one", "two", folder=True)
    dav.copy("two", "three", folder=True)
    assert sorted(entry.path for entry in dav.list("")) == ["three", "two"]
    assert [entry.path for entry in dav.list("two")] == ["two/x.txt"]
    dav.delete("two", folder=True)
    assert dav.find("two") is None
    assert dav.find("three/x.txt") is not None
    with pytest.raises(FilesError) as caught:
        list(dav.list("two"))
    assert caught.value.cause is FilesCause.GONE


def test_a_download_goes_on_where_it_was(server: DavServer, dav: WebDav, tmp_path: Path) -> None:
    content = bytes(range(256)) * 8192
    put(dav, "big.bin", content)
    entry = settled(server, dav, "big.bin")

    class CutError(Exception):
        pass

    def cut(done: int, _whole: int | None) -> None:
        if done > len(content) // 2:
            raise CutError

    with pytest.raises(CutError):
        download(dav, entry, tmp_path, cut)
    dav.line.close()
    began: list[int] = []
    target = download(dav, entry, tmp_path, lambda done, _whole: began.append(done))
    assert target.read_bytes() == content
    assert began[0] > len(content) // 2
    assert sorted(tmp_path.iterdir()) == [target]
    assert download(dav, entry, tmp_path, nothing).name == "big (1).bin"


def test_a_download_of_what_was_changed_begins_anew(
    server: DavServer, dav: WebDav, tmp_path: Path
) -> None:
    put(dav, "f.bin", b"a" * 1_000_000)
    entry = settled(server, dav, "f.bin")

    def stop(_done: int, _whole: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(dav, entry, tmp_path, stop)
    dav.line.close()
    dav.write("f.bin", io.BytesIO(b"b" * 900_000), 900_000, over=entry.etag)
    assert download(dav, entry, tmp_path, nothing).read_bytes() == b"b" * 900_000


def test_an_upload_is_whole_or_not_there(server: DavServer, dav: WebDav, tmp_path: Path) -> None:
    source = tmp_path / "mine.bin"
    source.write_bytes(b"m" * 3_000_000)
    names: list[str] = []
    errand = Errand(source, "mine.bin", Mark.new(), names.append)

    def cut(done: int, _whole: int | None) -> None:
        if done > 1_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upload(dav, server.root, errand, cut)
    dav.line.close()
    assert dav.find("mine.bin") is None
    assert upload(dav, server.root, errand, nothing) == "mine.bin"
    assert [(entry.path, entry.size) for entry in dav.list("")] == [("mine.bin", 3_000_000)]
    # Begun once more after a crash that forgot that all was done: it is not sent twice.
    again = errand._replace(named=names[-1])
    assert upload(dav, server.root, again, cut) == "mine.bin"
    # Another errand with the same name gets a free one.
    other = Errand(source, "mine.bin", Mark.new())
    assert upload(dav, server.root, other, nothing) == "mine (1).bin"


def test_both_are_kept_when_somebody_else_was_quicker(
    server: DavServer, dav: WebDav, tmp_path: Path
) -> None:
    put(dav, "doc.txt", b"old")
    entry = settled(server, dav, "doc.txt")
    dav.write("doc.txt", io.BytesIO(b"theirs, newer"), 13, over=entry.etag)
    mine = tmp_path / "doc.txt"
    mine.write_bytes(b"mine")
    assert replace(dav, mine, entry, nothing) == "doc (1).txt"
    assert b"".join(dav.read("doc.txt").pieces) == b"theirs, newer"
    assert b"".join(dav.read("doc (1).txt").pieces) == b"mine"
