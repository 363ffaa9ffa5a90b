"""One passphrase opens all files of passwords of a session, and is asked for once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from myco_browser.services import mail_passwords
from myco_browser.services.mail_passwords import LockedError, MailPasswords
from myco_browser.services.one_passphrase import OnePassphrase

_WORDS = "correct horse"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_passwords, "keyring_works", lambda _service: False)


def _two(folder: Path) -> tuple[OnePassphrase, MailPasswords, MailPasswords]:
    one = OnePassphrase()
    mail, files = (
        MailPasswords(folder / name, f"myco-{name}", name.encode(), one)
        for name in ("mail", "files")
    )
    return one, mail, files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("mail", "files"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_what_was_typed_for_one_is_not_asked_for_again(folder: Path) -> None:
    one, mail, files = _two(folder)
    told: list[bool] = []
    one.observe(lambda: told.append(files.needs_passphrase))
    assert mail.is_new
    assert files.needs_passphrase
    mail.unlock(_WORDS)
    mail.put("a", "secret of a")
    assert told == [False]
    files.put("b", "secret of b")
    # After a start it is asked for once again, by whom it may be.
    one, mail, files = _two(folder)
    assert not files.is_new
    files.unlock(_WORDS)
    assert mail.get("a") == "secret of a"
    assert _WORDS not in repr(one)


def test_a_new_file_takes_no_other_passphrase_than_those_that_are_there(folder: Path) -> None:
    _one, mail, _files = _two(folder)
    mail.unlock(_WORDS)
    mail.put("a", "secret of a")
    _one, mail, files = _two(folder)
    # It is not to be chosen: there is one.
    assert not files.is_new
    with pytest.raises(LockedError):
        files.unlock("corect horse")
    assert files.needs_passphrase
    assert mail.needs_passphrase
    files.unlock(_WORDS)
    assert not mail.needs_passphrase


def test_files_with_passphrases_of_their_own_keep_them(folder: Path) -> None:
    for name, words in (("mail", _WORDS), ("files", "battery staple")):
        alone = MailPasswords(folder / name, f"myco-{name}", name.encode())
        alone.unlock(words)
        alone.put("a", f"secret of {name}")
    _one, mail, files = _two(folder)
    mail.unlock(_WORDS)
    assert files.needs_passphrase
    with pytest.raises(LockedError):
        files.get("a")
    files.unlock("battery staple")
    assert files.get("a") == "secret of files"
    assert mail.get("a") == "secret of mail"


def test_two_files_made_at_one_moment_do_not_wait_for_each_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, mail, files = _two(folder)
    both, asked = threading.Barrier(2), one.fits_others

    def fits_others(member: MailPasswords, passphrase: str) -> bool:
        both.wait(30)
        return asked(member, passphrase)

    monkeypatch.setattr(one, "fits_others", fits_others)
    threads = [
        threading.Thread(target=keeper.unlock, args=(_WORDS,), daemon=True)
        for keeper in (mail, files)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert not mail.needs_passphrase
    assert not files.needs_passphrase
