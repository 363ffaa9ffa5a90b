"""Whole folders, and breaks at every request, with real servers; judged there and on the disk."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dav_servers import (
    CREDENTIALS,
    Scripted,
    address_of,
    apache_is_here,
    apache_server,
    cloud_server,
    direct_way,
    wsgidav_server,
)

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.files import FilesCause, Missing
from myco_browser.files import transfers
from myco_browser.files.errors import FilesError
from myco_browser.files.trees import Tellers
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_carrying import Held, Whole, carry, clear
from myco_browser.services.files_setup import set_up
from myco_browser.services.files_transfers import Phase, Transfer, TransferBook, Way
from myco_browser.system.dialled import Way as Dialling

OLD = 1_600_000_000


@pytest.fixture(scope="module", params=["wsgidav", "apache", "cloud"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebAddress, Path]]:
    """The root of a server's files, and the folder that it serves."""
    base = tmp_path_factory.mktemp(request.param)
    if request.param == "cloud":
        with cloud_server(base) as cloud:
            account = set_up(direct_way(), cloud.address.url, "alice", "alicepw")
            yield account.address, cloud.folder
        return
    if request.param == "apache" and not apache_is_here():
        pytest.skip("Apache is not installed (package apache2-bin)")
    make = apache_server if request.param == "apache" else wsgidav_server
    with make(base) as running:
        yield running.root, running.folder


@pytest.fixture
def dav(place: tuple[WebAddress, Path]) -> Iterator[WebDav]:
    found = WebDav(direct_way(), place[0], CREDENTIALS)
    yield found
    for entry in list(found.list("")):
        found.delete(entry.path, folder=entry.is_folder)
    found.line.close()


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of this machine."""
    top = tmp_path / "Photos été"
    (top / "2025/empty").mkdir(parents=True)
    (top / "a.txt").write_text("one")
    (top / "2025/b & c.txt").write_text("two" * 1000)
    (top / ".hidden").write_text("three")
    for file in top.rglob("*"):
        os.utime(file, (OLD, OLD))
    return top


def content(top: Path) -> dict[str, str]:
    """What is in a folder, by the paths in it."""
    return {
        str(path.relative_to(top)): path.read_text() if path.is_file() else "/"
        for path in sorted(top.rglob("*"))
    }


def quiet() -> Tellers:
    return Tellers(lambda _done, _size: None, lambda _done, _size: None)


def up(source: Path) -> Transfer:
    is_folder = source.is_dir()
    return Transfer("1", "a", Way.UP, source.name, str(source), "abc123", is_folder=is_folder)


def down(path: str, folder: Path, *, is_folder: bool = False) -> Transfer:
    return Transfer("1", "a", Way.DOWN, path, str(folder), "abc123", is_folder=is_folder)


def test_a_folder_goes_up_and_comes_down_as_it_is(
    place: tuple[WebAddress, Path], dav: WebDav, mine: Path, tmp_path: Path
) -> None:
    told: list[tuple[int, int | None]] = []
    tellers = Tellers(lambda done, size: told.append((done, size)), lambda _d, _s: None)
    assert carry(dav, up(mine), tellers, lambda _name: None) == Whole()
    assert [path.name for path in place[1].iterdir()] == [mine.name]
    assert content(place[1] / mine.name) == content(mine)
    assert told[-1] == (3008, 3008)
    # Another one of that name is kept beside it.
    assert carry(dav, up(mine)._replace(mark="def456"), quiet(), lambda _name: None) == Whole()
    assert content(place[1] / f"{mine.name} (1)") == content(mine)
    saved = tmp_path / "saved"
    saved.mkdir()
    one = down(mine.name, saved, is_folder=True)
    assert carry(dav, one, quiet(), lambda _name: None) == Whole()
    assert carry(dav, one, quiet(), lambda _name: None) == Whole()
    assert [path.name for path in sorted(saved.iterdir())] == [mine.name, f"{mine.name} (1)"]
    assert content(saved / mine.name) == content(mine)


def test_what_does_not_get_through_is_told_and_the_rest_does(
    place: tuple[WebAddress, Path], dav: WebDav, mine: Path
) -> None:
    (mine / "elsewhere").symlink_to("/etc/passwd")
    (mine / "bad\nname").write_text("x")
    os.mkfifo(mine / "pipe")
    names: list[str] = []
    held = carry(dav, up(mine), quiet(), names.append)
    assert isinstance(held, Held)
    assert sorted(held.missing) == [
        Missing("bad\nname", FilesCause.NAME),
        Missing("elsewhere", FilesCause.LINK),
        Missing("pipe", FilesCause.UNREADABLE),
    ]
    assert names == []
    assert [path.name for path in place[1].iterdir()] == [".myco-abc123.part"]
    assert carry(dav, up(mine)._replace(agreed=True), quiet(), names.append) == Whole()
    assert names == [mine.name]
    assert set(content(place[1] / mine.name)) == {
        "2025", "2025/empty", "2025/b & c.txt", "a.txt", ".hidden",
    }  # fmt: skip


def test_what_can_do_harm_waits_for_a_second_yes(
    place: tuple[WebAddress, Path], dav: WebDav, tmp_path: Path
) -> None:
    dav.make_folder("tools")
    (place[1] / "tools/run.sh").write_text("#!/bin/sh\n")
    (place[1] / "photo.jpg").write_bytes(b"\x7fELF and so on")
    one = down("photo.jpg", tmp_path)
    assert carry(dav, one, quiet(), lambda _name: None) == Held(Danger.PROGRAM)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".part"]
    tree = down("tools", tmp_path, is_folder=True)
    assert carry(dav, tree, quiet(), lambda _name: None) == Held(Danger.SCRIPT, "run.sh")
    clear(lambda: dav, tree)
    assert carry(dav, one._replace(agreed=True), quiet(), lambda _name: None) == Whole()
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


class _Cut:
    """A way on which the connection breaks at a request: before it is sent, or after."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.left = at
        self._before = before

    @property
    def way(self) -> Dialling:
        cut = self

        class Cable(socket.socket):
            def sendall(self, data: object, flags: int = 0) -> None:
                is_head = bytes(memoryview(data)[:400]).find(b" HTTP/1.1\r\n") > 0  # type: ignore[arg-type]
                cut.left -= is_head
                if cut.left == 0 and is_head and cut._before:
                    raise ConnectionResetError
                super().sendall(data, flags)  # type: ignore[arg-type]

            def recv_into(self, *arguments: object) -> int:
                if cut.left == 0:
                    # The server has done what it was asked for; nobody hears of it.
                    super().recv_into(*arguments)  # type: ignore[arg-type]
                    raise ConnectionResetError
                return super().recv_into(*arguments)  # type: ignore[arg-type]

        def dial(host: str, port: int) -> socket.socket:
            cable = Cable(socket.AF_INET)
            cable.connect((host, port))
            return cable

        return Dialling(dial, direct_way().tls)


@pytest.mark.parametrize(("what", "before"), [("file", True), ("file", False), ("folder", False)])
def test_a_break_at_any_request_loses_and_doubles_nothing(
    place: tuple[WebAddress, Path], dav: WebDav, mine: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, what: str, before: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(transfers, "LARGE", 2_500)
    monkeypatch.setattr(transfers, "PIECE", 1_000)
    source = mine if what == "folder" else mine / "2025/b & c.txt"
    ends, at = False, 0
    while not ends:
        at += 1
        top = place[1] / str(at)
        dav.make_folder(str(at))
        dav.make_folder(f"{at}/{source.name}")
        book = TransferBook(tmp_path / f"book{at}.json")
        one = up(source)._replace(path=f"{at}/{source.name}", phase=Phase.RUNNING)
        book.put(one)
        cut = _Cut(at, before=before)

        def keep(name: str, book: TransferBook = book) -> None:
            book.put(book.all[0]._replace(named=name))

        broken = WebDav(cut.way, place[0], CREDENTIALS)
        with contextlib.suppress(FilesError):
            carry(broken, one, quiet(), keep)
            ends = cut.left > 0
        broken.line.close()
        # Nothing half is under a name, and after a restart of the browser it goes on.
        assert all(_is_whole(path, source) for path in top.iterdir())
        kept = TransferBook(tmp_path / f"book{at}.json").all[0]
        assert carry(dav, kept, quiet(), keep) == Whole()
        assert len(list(top.iterdir())) == 2, "what had the name, and what was sent"
        assert all(_is_whole(path, source) for path in top.iterdir())
        assert not [path for path in top.iterdir() if path.name.startswith(".myco-")]
    assert at > 3


def _is_whole(path: Path, source: Path) -> bool:
    if path.name.startswith(".myco-"):
        return True
    if path.is_dir():
        return not any(path.iterdir()) or content(path) == content(source)
    return path.read_bytes() == source.read_bytes()


def test_names_that_lead_elsewhere_are_no_part_of_a_folder(tmp_path: Path) -> None:
    def row(href: str, kind: str = "") -> str:
        return (
            f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:resourcetype>{kind}"
            "</d:resourcetype><d:getcontentlength>1</d:getcontentlength></d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )

    def answer(*rows: str) -> bytes:
        body = f'<d:multistatus xmlns:d="DAV:">{"".join(rows)}</d:multistatus>'.encode()
        return b"HTTP/1.1 207 M\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
            len(body), body,
        )  # fmt: skip

    folder = "<d:collection/>"
    server = Scripted(
        answer(row("/f/", folder)),
        answer(
            row("/f/..%2f..%2fout.txt"), row("/f/%2e%2e/out.txt"), row("/f/../../out.txt"),
            row("/f/%2e%2e/", folder), row("/out.txt"), row("/f/a%5c..%5cb.txt"),
            row("/f/good.txt"), row("/f/f/..", folder),
        ),
        *[b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"] * 2,
    )  # fmt: skip
    dav = WebDav(direct_way(), address_of(server.port), CREDENTIALS)
    saved = tmp_path / "saved"
    saved.mkdir()
    assert carry(dav, down("f", saved, is_folder=True), quiet(), lambda _n: None) == Whole()
    server.close()
    assert [p.name for p in tmp_path.iterdir()] == ["saved"]
    assert sorted(content(saved / "f")) == ["b.txt", "good.txt"]
