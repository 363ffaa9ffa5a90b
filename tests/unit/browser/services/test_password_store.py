"""The store of passwords: sealed, whole after anything, and closed when in doubt."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from myco_browser.domain.logins import Login
from myco_browser.services.never_saved import NeverSaved
from myco_browser.services.password_store import (
    FILE,
    Opening,
    PasswordStore,
    StoreError,
    StoreLockedError,
)
from myco_secrets.errors import KeeperError, LockedError, MissingError
from myco_secrets.sealed import SealedFile
from myco_secrets.service import SecretService

_LOGIN = Login("1", "https://a.example", "ada", "secret-word", 5)


class _Service(SecretService):
    """A keyring in memory, which can be locked or missing."""

    def __init__(self, works: bool = True) -> None:
        super().__init__("test")
        self.kept: dict[str, str] = {}
        self.is_there = works

    def put(self, name: str, text: str) -> None:
        if not self.is_there:
            raise KeeperError("gone")
        self.kept[name] = text

    def get(self, name: str) -> str:
        if not self.is_there:
            raise LockedError("locked")
        if name not in self.kept:
            raise MissingError("missing")
        return self.kept[name]

    def works(self) -> bool:
        return self.is_there


def _store(folder: Path, service: SecretService, *, writable: bool = True) -> PasswordStore:
    return PasswordStore(folder / FILE, writable=writable, random=os.urandom, service=service)


def _look(store: PasswordStore) -> None:
    if store.open() is not Opening.NOTHING:
        store.open_with("any")
    store.logins()


def test_the_keyring_holds_the_key(tmp_path: Path) -> None:
    service = _Service()
    store = _store(tmp_path, service)
    assert store.open() is Opening.NOTHING
    assert store.change(lambda old: (*old, _LOGIN)) == (_LOGIN,)
    raw = (tmp_path / FILE).read_bytes()
    assert b"ada" not in raw
    assert b"secret-word" not in raw
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    again = _store(tmp_path, service)
    assert again.open() is Opening.NOTHING
    assert again.logins() == (_LOGIN,)
    # A locked keyring closes it, and nothing is begun anew in its place.
    service.is_there = False
    closed = _store(tmp_path, service)
    assert closed.open() is Opening.KEYRING
    with pytest.raises(StoreLockedError):
        closed.change(lambda old: ())
    assert (tmp_path / FILE).read_bytes() == raw


def test_without_a_keyring_a_passphrase_seals(tmp_path: Path) -> None:
    store = _store(tmp_path, _Service(works=False))
    assert store.open() is Opening.NEW_PASSPHRASE
    with pytest.raises(StoreLockedError):
        store.open_with("")
    store.open_with("horse staple")
    store.change(lambda old: (_LOGIN,))
    # A keyring that appears later has no key: the passphrase stays.
    later = _store(tmp_path, _Service())
    assert later.open() is Opening.PASSPHRASE
    with pytest.raises(StoreLockedError):
        later.open_with("wrong")
    with pytest.raises(StoreLockedError):
        later.logins()
    later.open_with("horse staple")
    assert later.logins() == (_LOGIN,)


def test_a_private_session_reads_what_is_there_and_writes_nothing(tmp_path: Path) -> None:
    service = _Service()
    private = _store(tmp_path, service, writable=False)
    assert private.open() is Opening.NOTHING
    assert private.logins() == ()
    assert service.kept == {}
    store = _store(tmp_path, service)
    store.open()
    store.change(lambda old: (_LOGIN,))
    assert private.open() is Opening.NOTHING
    assert private.logins() == (_LOGIN,)
    store.change(lambda old: ())
    assert private.logins() == ()
    with pytest.raises(StoreError):
        private.change(lambda old: (_LOGIN,))
    with pytest.raises(StoreError):
        private.start_anew()
    assert store.logins() == ()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"by": "key"}', b"\xff\xfe"])
def test_a_broken_file_is_told_and_left_as_it_is(tmp_path: Path, damage: bytes) -> None:
    service = _Service()
    first = _store(tmp_path, service)
    first.open()
    first.change(lambda old: (_LOGIN,))
    (tmp_path / FILE).write_bytes(damage)
    store = _store(tmp_path, service)
    with pytest.raises(StoreError):
        _look(store)
    with pytest.raises(StoreError):
        store.change(lambda old: ())
    assert (tmp_path / FILE).read_bytes() == damage
    aside = store.start_anew()
    assert aside is not None
    assert aside.read_bytes() == damage
    assert store.open() is Opening.NOTHING
    assert store.logins() == ()


def test_what_was_changed_in_the_file_does_not_open(tmp_path: Path) -> None:
    store = _store(tmp_path, _Service())
    store.open()
    store.change(lambda old: (_LOGIN,))
    body = json.loads((tmp_path / FILE).read_bytes())
    body["sealed"] = body["sealed"][:-8] + "AAAAAAA="
    (tmp_path / FILE).write_text(json.dumps(body))
    with pytest.raises(StoreError):
        store.logins()

    # Nor does a sealed file of another kind, with the same passphrase.
    def write(path: Path, raw: bytes) -> None:
        path.write_bytes(raw)

    other = SealedFile(tmp_path / "other", b"about keys", write, "word")
    other.store({"a": "b"})
    with pytest.raises(LockedError):
        SealedFile(tmp_path / "other", b"about passwords", write).unlock("word")


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _store(tmp_path, _Service())
    store.open()
    store.change(lambda old: (_LOGIN,))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        store.change(lambda old: ())
    monkeypatch.undo()
    assert store.logins() == (_LOGIN,)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_sites_never_asked_for_are_remembered(tmp_path: Path) -> None:
    never = NeverSaved(tmp_path)
    never.add("https://a.example")
    assert "https://a.example" in NeverSaved(tmp_path)
    never.remove("https://a.example")
    assert NeverSaved(tmp_path).all == ()
    (tmp_path / "never-saved.json").write_text("{")
    assert NeverSaved(tmp_path).all == ()
