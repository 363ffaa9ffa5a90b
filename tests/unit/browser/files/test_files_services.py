"""What is kept about files, and where they are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from myco_browser.files.nextcloud import pieces_of, server_of
from myco_browser.services.files_accounts import FilesAccount, FilesAccounts
from myco_browser.services.files_setup import servers_for
from myco_browser.services.files_transfers import Phase, Transfer, TransferBook, Way

ACCOUNT = FilesAccount("abc123", "cloud.example", "https://cloud.example/dav/", "alice")


@pytest.mark.parametrize(
    ("typed", "urls"),
    [
        ("lea@mailo.com", ["https://webdav.mailo.com/"]),
        ("lea@coop.example", [
            "https://cloud.coop.example/", "https://nextcloud.coop.example/",
            "https://coop.example/",
        ]),
        ("cloud.example/nc", ["https://cloud.example/nc"]),
        ("http://cloud.example/dav", ["https://cloud.example/dav"]),
        ("http://127.0.0.1:8080/dav", ["http://127.0.0.1:8080/dav"]),
        ("https://alice:secret@cloud.example/", []),
        ("", []),
        ("two words", []),
    ],
)  # fmt: skip
def test_where_files_are_looked_for(typed: str, urls: list[str]) -> None:
    assert [one.url for one in servers_for(typed)] == urls


def test_accounts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "files" / "accounts.json"
    accounts = FilesAccounts(path)
    accounts.put(ACCOUNT)
    assert FilesAccounts(path).all == (ACCOUNT,)
    accounts.remove(ACCOUNT.account_id)
    assert FilesAccounts(path).all == ()


@pytest.mark.parametrize("content", ["{", "[]", '{"accounts": [{"account_id": "../x"}]}', "null"])
def test_a_broken_file_of_accounts_is_set_aside(tmp_path: Path, content: str) -> None:
    path = tmp_path / "accounts.json"
    path.write_text(content)
    assert FilesAccounts(path).all == ()
    assert (tmp_path / "accounts.json.broken").read_text() == content


def test_accounts_that_cannot_be_read_are_not_replaced_by_fewer(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    path.mkdir()  # whatever the reason is: here, that it is no file
    accounts = FilesAccounts(path)
    assert accounts.broken
    with pytest.raises(OSError, match="accounts"):
        accounts.put(ACCOUNT)
    assert path.is_dir()


def test_what_is_on_its_way_waits_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "transfers.json"
    book = TransferBook(path)
    up = Transfer("1", "abc123", Way.UP, "a.bin", str(tmp_path / "a.bin"), "mark", "a (1).bin")
    book.put(up._replace(phase=Phase.RUNNING, done=5, size=10))
    book.put(up._replace(number="2", phase=Phase.PAUSED))
    book.put(up._replace(number="3", phase=Phase.DONE))
    again = TransferBook(path).all
    assert [(one.number, one.phase, one.named) for one in again] == [
        ("1", Phase.WAITING, "a (1).bin"), ("2", Phase.PAUSED, "a (1).bin"),
    ]  # fmt: skip


def test_progress_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "transfers.json"
    book = TransferBook(path)
    one = Transfer("1", "abc123", Way.DOWN, "a.bin", str(tmp_path))
    book.put(one)
    path.unlink()
    book.put(one._replace(done=7, phase=Phase.RUNNING))
    assert not path.exists()


def test_a_broken_book_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "transfers.json"
    path.write_text('{"transfers": [{"local": "../x"}]}')
    assert TransferBook(path).all == ()
    assert path.with_name("transfers.json.broken").exists()


def test_pieces_cover_a_file_and_stay_few() -> None:
    for size, piece in ((25, 10), (10, 10), (1_000_000, 10)):
        found = list(pieces_of(size, piece))
        assert sum(length for _number, _offset, length in found) == size
        assert [offset for _number, offset, _length in found][1:] == [
            offset + length for _number, offset, length in found
        ][:-1]
        assert len(found) <= 10_000


def test_a_nextcloud_is_known_by_its_path() -> None:
    found = servers_for("https://c.example/nc/remote.php/dav/files/al%20ice/")
    server, user = server_of(found[0]) or (None, "")
    assert server is not None
    assert (server.url, user) == ("https://c.example/nc/", "al ice")
    assert server_of(servers_for("https://c.example/dav/")[0]) is None
