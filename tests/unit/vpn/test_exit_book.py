"""Importing and keeping exits: all or nothing, and never a key in clear."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from ipaddress import ip_interface
from pathlib import Path

import keyring
import pytest
import segno
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import PasswordDeleteError

from myco_vpn import qr
from myco_vpn.book.exits import Book, BookError, NoSuchExitError, clean_name, free_name
from myco_vpn.book.keepers import (
    FileKeeper,
    KeeperError,
    KeyringKeeper,
    LockedError,
    MissingError,
    keyring_works,
)
from myco_vpn.book.places import open_book
from myco_vpn.book.sources import read_path, read_picture, read_text, read_zip
from myco_vpn.cli.main import main
from myco_vpn.wireguard.config import Config, Endpoint, Peer, write
from myco_vpn.wireguard.keys import SecretKey, new_private_key


def _config() -> Config:
    peer = Peer(
        new_private_key().public(), new_private_key(), Endpoint("vpn.example", 51820), keepalive=25
    )
    return Config(new_private_key(), (ip_interface("10.66.0.2/32"),), (peer,))


class _MemoryKeyring(KeyringBackend):
    """A secret service; one that `forgets` only pretends, one that `clings` deletes nothing."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets = False
        self.clings = False

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgets:
            self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.clings or (service, username) not in self.kept:
            raise PasswordDeleteError("not deleted")
        del self.kept[service, username]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> _MemoryKeyring:
    backend = _MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


def _everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_exit_is_kept_and_given_back(tmp_path: Path) -> None:
    book = Book(tmp_path, FileKeeper(tmp_path / "keys.sealed", "correct horse"))
    config = _config()
    saved = book.add("Home", config)
    again = Book(tmp_path, FileKeeper(tmp_path / "keys.sealed", "correct horse"))
    assert [e.name for e in again.all()] == ["Home"]
    assert again.with_keys("home") == config
    assert again.has(config) == saved
    assert again.has(_config()) is None
    again.change(replace(saved, favourite=True, name="Work"))
    again.note_use(saved.exit_id, 12.0)
    assert again.find("Work").last_used == 12.0
    again.remove("Work")
    assert again.all() == []
    with pytest.raises(MissingError):
        again.keeper.get(saved.exit_id)


def test_no_key_is_written_in_clear(tmp_path: Path) -> None:
    config = _config()
    Book(tmp_path, FileKeeper(tmp_path / "keys.sealed", "correct horse")).add("Home", config)
    assert config.private_key is not None
    shared = config.peers[0].preshared_key
    assert shared is not None
    written = _everything_under(tmp_path)
    assert config.peers[0].public_key.text.encode() in written  # the search would find it
    for key in (config.private_key, shared):
        assert key.text.encode() not in written
        assert key.raw not in written
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*.*") if path.is_file())


def test_sealed_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.sealed"
    saved = Book(tmp_path, FileKeeper(path, "right")).add("Home", _config())
    with pytest.raises(LockedError):
        FileKeeper(path).get(saved.exit_id)
    wrong = FileKeeper(path)
    for passphrase in ("wrong", ""):
        with pytest.raises(LockedError):
            wrong.unlock(passphrase)
        assert wrong.is_locked
    wrong.unlock("right")
    assert isinstance(wrong.get(saved.exit_id).private_key, SecretKey)
    body = json.loads(path.read_text())
    body["sealed"] = body["sealed"][:-8] + "AAAAAAA="
    path.write_text(json.dumps(body))
    with pytest.raises(LockedError):
        FileKeeper(path, "right").get(saved.exit_id)


def test_exit_whose_key_cannot_be_kept_is_not_in_the_book(tmp_path: Path) -> None:
    book = Book(tmp_path, FileKeeper(tmp_path / "keys.sealed"))
    with pytest.raises(LockedError):
        book.add("Home", _config())
    assert book.all() == []


def test_secret_service_is_used_where_it_works(tmp_path: Path, service: _MemoryKeyring) -> None:
    book = open_book(tmp_path)
    assert isinstance(book.keeper, KeyringKeeper)
    config = _config()
    saved = book.add("Home", config)
    assert open_book(tmp_path).with_keys(saved.exit_id) == config
    assert config.private_key is not None
    assert config.private_key.text.encode() not in _everything_under(tmp_path)
    book.remove(saved.exit_id)
    assert service.kept == {}


def test_service_that_forgets_is_not_trusted(
    tmp_path: Path, service: _MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keyring_works()
    service.forgets = True
    assert not keyring_works()
    assert isinstance(open_book(tmp_path).keeper, FileKeeper)
    service.forgets = False
    for backend in (NullKeyring(), FailKeyring()):  # type: ignore[no-untyped-call]
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert not keyring_works()


def test_a_key_that_the_service_does_not_delete_is_told(
    tmp_path: Path, service: _MemoryKeyring
) -> None:
    book = open_book(tmp_path)
    saved = book.add("Home", _config())
    service.clings = True
    with pytest.raises(KeeperError, match="does not let it go"):
        book.remove(saved.exit_id)
    assert service.kept
    # What was never there is gone already.
    book.keeper.delete("another")
    # And a service of this kind is not begun with.
    assert not keyring_works()


def test_names_are_clean_and_distinct(tmp_path: Path) -> None:
    book = Book(tmp_path, FileKeeper(tmp_path / "keys.sealed", "p"))
    names = [book.add(name, _config()).name for name in ("se\n\x1b[2J1", "SE [2J1", "", "x" * 99)]
    assert names == ["se [2J1", "SE [2J1 2", "exit", "x" * 60]
    assert clean_name(" a\u202eb ") == "a b"
    assert free_name("a", {"A", "a 2"}) == "a 3"
    with pytest.raises(NoSuchExitError):
        book.find("nobody")


def test_damaged_book_is_told(tmp_path: Path) -> None:
    book = Book(tmp_path, FileKeeper(tmp_path / "keys.sealed", "p"))
    saved = book.add("Home", _config())
    (tmp_path / "exits" / f"{saved.exit_id}.json").write_text("{}")
    with pytest.raises(BookError):
        book.all()


def _zip(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_zip_of_many(tmp_path: Path) -> None:
    text = write(_config())
    packed = _zip({"a/se-1.conf": text, "../../fr-2.CONF": text, "readme.txt": "x", "._a.conf": ""})
    (tmp_path / "all.zip").write_bytes(packed)
    source = read_path(tmp_path / "all.zip")
    assert ([found.name for found in source.found], source.problems) == (["se-1", "fr-2"], ())
    bad = read_zip(_zip({"good.conf": text, "bad.conf": "[Interface]\nfoo\n"}), "x.zip")
    assert str(bad.problems[0]).startswith("x.zip/bad.conf:2: ")
    assert read_zip(packed[:50], "cut.zip").problems
    bomb = _zip({"bomb.conf": "#" * 30_000_000})
    assert "too long" in str(read_zip(bomb, "bomb.zip").problems[0])


def test_folder_and_what_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.conf").write_text(write(_config()))
    (tmp_path / "two.txt").write_text("x")
    assert [found.name for found in read_path(tmp_path).found] == ["one"]
    (tmp_path / "empty").mkdir()
    assert read_path(tmp_path / "empty").problems
    assert read_path(tmp_path / "missing.conf").problems


def test_qr_code_is_made_and_read(tmp_path: Path) -> None:
    config = _config()
    picture = io.BytesIO()
    segno.make_qr(write(config)).save(picture, kind="png", scale=4)
    source = read_picture(picture.getvalue(), "shot.png")
    assert [found.parsed.config for found in source.found] == [config]
    assert qr.as_svg(write(config)).startswith(b"<?xml")
    assert len(qr.as_text("hello").splitlines()) > 5
    other = io.BytesIO()
    segno.make_qr("https://example.org").save(other, kind="png", scale=4)
    assert "no QR code" in str(read_picture(other.getvalue(), "other.png").problems[0])
    for noise in (b"", b"\x89PNG\r\n", picture.getvalue()[:100]):
        assert read_picture(noise, "noise.png").problems


def test_pasted_text_has_its_place_in_problems() -> None:
    assert str(read_text("x = y", "pasted text").problems[0]).startswith("pasted text:1: ")


def _command(tmp_path: Path, *words: str) -> int:
    return main(["--folder", str(tmp_path / "book"), *words])


def test_command_imports_lists_exports_and_removes(
    tmp_path: Path, service: _MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _config()
    path = tmp_path / "Home.conf"
    path.write_text(write(config).replace("[Peer]", "PostUp = touch /tmp/never\n[Peer]"))
    assert _command(tmp_path, "import", str(path)) == 0
    said = capsys.readouterr().out
    assert "Home: kept" in said
    assert "PostUp is never run: touch /tmp/never" in said
    assert _command(tmp_path, "import", str(path)) == 0
    assert "is here already" in capsys.readouterr().out
    assert _command(tmp_path, "list", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["endpoints"]) == ("Home", ["vpn.example:51820"])
    assert _command(tmp_path, "export", "home") == 0
    assert capsys.readouterr().out == write(config)
    assert _command(tmp_path, "remove", "home") == 0
    assert _command(tmp_path, "export", "home") == 4
    assert "no exit called" in capsys.readouterr().err


def test_command_keeps_nothing_of_a_bad_import(
    tmp_path: Path, service: _MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.conf", tmp_path / "bad.conf"
    good.write_text(write(_config()))
    bad.write_text("[Interface]\nPrivateKey = x\n")
    assert _command(tmp_path, "import", str(good), str(bad)) == 6
    assert "bad.conf:2: the value cannot be used" in capsys.readouterr().err
    assert _command(tmp_path, "list") == 0
    assert capsys.readouterr().out == ""


def test_command_makes_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["genkey"]) == 0
    private, public = (line.split(" = ")[1] for line in capsys.readouterr().out.splitlines())
    assert SecretKey.parse(private).public().text == public


def test_command_prints_a_profile_for_what_only_root_can_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apparmor", "/usr/bin/env"]) == 0
    said = capsys.readouterr().out
    assert "profile env /usr/bin/env flags=(unconfined) {\n  userns,\n" in said
    for name in ("mine", "a {b}", "missing"):
        path = tmp_path / name
        if name != "missing":
            path.write_text("#!/bin/sh\n")
        assert main(["apparmor", str(path)]) == 1
        assert capsys.readouterr().out == ""
