"""Passwords of files are asked for beside the Qt thread: a keyring and Argon2 take their time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from support.dav_servers import direct_way

from myco_browser.bridge import files as bridge
from myco_browser.services.files_accounts import FilesAccount, FilesAccounts

ACCOUNT = FilesAccount("abc123", "cloud.example", "https://cloud.example/dav/", "alice")


class _Keeper:
    """Notes in which thread it is asked."""

    threads: list[threading.Thread]

    def __init__(self, *_arguments: object) -> None:
        self.threads = _Keeper.threads = []

    @property
    def needs_passphrase(self) -> bool:
        self.threads.append(threading.current_thread())
        return True

    @property
    def is_new(self) -> bool:
        self.threads.append(threading.current_thread())
        return False

    def unlock(self, _passphrase: str) -> None:
        self.threads.append(threading.current_thread())

    def forget(self, _account_id: str) -> str:
        self.threads.append(threading.current_thread())
        return ""


class _Back:
    def __init__(self) -> None:
        self.acts: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def to_qt(self, act: Callable[[], None]) -> None:
        self.acts.put(act)

    def grant_local(self, _host: str, _port: int | None) -> bool:
        return True


def test_no_keyring_and_no_passphrase_on_the_qt_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "MailPasswords", _Keeper)
    FilesAccounts(tmp_path / "accounts.json").put(ACCOUNT)
    back = _Back()
    files = bridge.Files(bridge.FilesPorts(tmp_path, direct_way(), back, back))
    heard: list[object] = []
    files.start()
    back.acts.get(timeout=20)()
    files.ask_keeper(lambda locked, new: heard.append((locked, new)))
    back.acts.get(timeout=20)()
    files.unlock("right", heard.append)
    back.acts.get(timeout=20)()
    files.remove(ACCOUNT.account_id)
    back.acts.get(timeout=20)()
    assert heard == [(True, False), True]
    assert len(_Keeper.threads) == 7
    assert threading.current_thread() not in _Keeper.threads
