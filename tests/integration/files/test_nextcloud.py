"""What a Nextcloud adds, against a stand-in made after its developer manual."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dav_servers import CloudServer, cloud_server, direct_way

from myco_browser.domain.files import FilesCause
from myco_browser.files import transfers
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials
from myco_browser.files.nextcloud import Nextcloud, begin_login, poll_login
from myco_browser.files.transfers import Errand, Mark, upload
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_setup import account_of, set_up

WAY = direct_way()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudServer]:
    with cloud_server(tmp_path / "cloud") as running:
        yield running


def nothing(_done: int, _whole: int | None) -> None:
    pass


def test_an_account_is_found_by_the_address_of_the_server(cloud: CloudServer) -> None:
    account = set_up(WAY, cloud.address.url, "alice@coop.test", "alicepw")
    assert account.root == f"{cloud.address.url}remote.php/dav/files/alice/"
    with pytest.raises(FilesError) as caught:
        set_up(WAY, cloud.address.url, "alice", "wrong")
    assert caught.value.cause is FilesCause.REFUSED


def test_signing_in_on_the_servers_page(cloud: CloudServer) -> None:
    flow = begin_login(WAY, cloud.address, "Myco Browser")
    assert flow.page.startswith(cloud.address.url)
    assert poll_login(WAY, cloud.address, flow) is None
    cloud.grant.touch()
    granted = poll_login(WAY, cloud.address, flow)
    assert granted is not None
    assert (granted.user, granted.password) == ("alice", "app-password")
    assert account_of(granted, WAY).root.endswith("/files/alice/")
    assert poll_login(WAY, cloud.address, flow) is None


def test_a_link_that_ends_and_has_a_password(cloud: CloudServer) -> None:
    (cloud.folder / "a b.txt").write_text("x")
    account = set_up(WAY, cloud.address.url, "alice", "alicepw")
    room = Nextcloud(WAY, account.address, Credentials("alice", "alicepw"))
    made = room.share("a b.txt", "2030-01-31", "secret")
    assert (made.path, made.expires, made.has_password) == ("a b.txt", "2030-01-31", True)
    assert room.shares("a b.txt") == (made,)
    room.unshare(made)
    assert room.shares("a b.txt") == ()
    room.line.close()


def test_a_large_file_goes_in_pieces_that_are_not_sent_twice(
    cloud: CloudServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "LARGE", 1_000_000)
    monkeypatch.setattr(transfers, "PIECE", 400_000)
    account = set_up(WAY, cloud.address.url, "alice", "alicepw")
    dav = WebDav(WAY, account.address, Credentials("alice", "alicepw"))
    source = tmp_path / "film.bin"
    source.write_bytes(bytes(range(256)) * 6000)
    names: list[str] = []
    errand = Errand(source, "film.bin", Mark.new(), names.append)

    def cut(done: int, _whole: int | None) -> None:
        if done > 900_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upload(dav, account.address, errand, cut)
    dav.line.close()
    assert list(cloud.folder.iterdir()) == []
    began: list[int] = []
    again = upload(dav, account.address, errand, lambda done, _whole: began.append(done))
    assert again == "film.bin"
    assert began[:2] == [400_000, 800_000]
    assert (cloud.folder / "film.bin").read_bytes() == source.read_bytes()
    assert list(cloud.uploads.iterdir()) == []
    # A crash that forgot the end does not send it again.
    assert upload(dav, account.address, errand._replace(named=names[-1]), cut) == "film.bin"
    other = Errand(source, "film.bin", Mark.new())
    assert upload(dav, account.address, other, nothing) == "film (1).bin"
    dav.line.close()


def test_what_was_deleted_comes_back_from_the_bin(cloud: CloudServer) -> None:
    account = set_up(WAY, cloud.address.url, "alice", "alicepw")
    dav = WebDav(WAY, account.address, Credentials("alice", "alicepw"))
    room = Nextcloud(WAY, account.address, Credentials("alice", "alicepw"))
    (cloud.folder / "sub").mkdir()
    for words in ("first", "second"):
        (cloud.folder / "sub/a b.txt").write_text(words)
        dav.delete("sub/a b.txt")
    assert room.has_bin()
    room.restore("sub/a b.txt")
    assert (cloud.folder / "sub/a b.txt").read_text() == "second"
    with pytest.raises(FilesError) as caught:
        room.restore("sub/never.txt")
    assert caught.value.cause is FilesCause.GONE
    dav.delete("sub", folder=True)
    room.restore("sub")
    assert (cloud.folder / "sub/a b.txt").read_text() == "second"
    for file in cloud.trash.iterdir():
        file.unlink()
    cloud.trash.rmdir()
    assert not room.has_bin()
    dav.line.close()
    room.line.close()
