"""The list of downloads outlives the session; what was cut off is found as it lies on the disk."""

from __future__ import annotations

import errno
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.downloads import Cause, Download, Phase
from myco_browser.services.database import SetAside
from myco_browser.services.download_files import (
    cause_of,
    judge_file,
    remove_parts,
    settle,
    sha256_of,
    take_over_part,
)
from myco_browser.services.download_store import DownloadStore

FULL = Download(
    number=7, url="https://a.example/x", site="a.example", folder="/f", name="x", started=1,
    phase=Phase.HELD, total=10, received=9, ended=3, cause=Cause.NO_SPACE, danger=Danger.ARCHIVE,
    found="setup.exe", etag='"1"', modified="now", anew=True, resumable=False,
)  # fmt: skip


def _no_report(what: SetAside) -> None:
    raise AssertionError(what)


def test_everything_comes_back(tmp_path: Path) -> None:
    for _life in range(2):
        store = DownloadStore(tmp_path / "downloads.sqlite", _no_report)
        store.put(FULL)
        store.close()
    store = DownloadStore(tmp_path / "downloads.sqlite", _no_report)
    assert store.read_all() == (FULL,)
    store.delete(7)
    assert store.read_all() == ()
    store.close()


def test_what_waits_is_counted_and_no_file_is_made_for_that(tmp_path: Path) -> None:
    store = DownloadStore(tmp_path / "downloads.sqlite", _no_report)
    assert store.count_waiting() == 0
    assert list(tmp_path.iterdir()) == []
    ways = [(phase, None) for phase in Phase] + [(Phase.STOPPED, cause) for cause in Cause]
    waiting = {Phase.RUNNING, Phase.PAUSED, Phase.CHECKING, Phase.HELD, Cause.ENDED}
    expected = 0
    for number, (phase, cause) in enumerate(ways, 1):
        store.put(replace(FULL, number=number, phase=phase, cause=cause))
        expected += phase in waiting or cause in waiting
        assert store.count_waiting() == expected, (phase, cause)
    store.close()
    assert DownloadStore(None, _no_report).count_waiting() == 0


def test_a_private_session_writes_nothing(tmp_path: Path) -> None:
    store = DownloadStore(None, _no_report)
    store.put(FULL)
    assert store.read_all() == ()
    assert not store.keeps
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    DownloadStore(tmp_path / "downloads.sqlite", _no_report).close()
    assert list(tmp_path.iterdir()) == []


def test_clearing_takes_what_has_ended_only(tmp_path: Path) -> None:
    store = DownloadStore(tmp_path / "downloads.sqlite", _no_report)
    store.put(FULL)
    store.put(Download(8, "https://a.example/y", "a.example", "/f", "y", 1, Phase.RUNNING))
    store.delete_since(4)
    assert len(store.read_all()) == 2
    store.delete_site("a.example")
    assert [one.number for one in store.read_all()] == [8]
    store.close()


def test_a_broken_list_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "downloads.sqlite").write_bytes(b"no database" * 100)
    told: list[SetAside] = []
    store = DownloadStore(tmp_path / "downloads.sqlite", told.append)
    assert store.read_all() == ()
    assert len(told) == 1
    store.put(FULL)
    assert store.read_all() == (FULL,)
    store.close()


def test_a_file_gets_its_name_and_takes_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "a.txt.part").write_text("new")
    assert settle(str(tmp_path), "a.txt") == "a (1).txt"
    assert (tmp_path / "a.txt").read_text() == "mine"
    assert (tmp_path / "a (1).txt").read_text() == "new"
    assert not (tmp_path / "a.txt.part").exists()


def test_what_the_engine_wrote_becomes_ours(tmp_path: Path) -> None:
    (tmp_path / "a.part.download").write_text("half")
    assert take_over_part(str(tmp_path), "a") == 4
    assert (tmp_path / "a.part").read_text() == "half"
    assert take_over_part(str(tmp_path), "a") == 4
    remove_parts(str(tmp_path), "a")
    assert take_over_part(str(tmp_path), "a") == 0


def test_archives_are_looked_into(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip.part", "w") as packed:
        packed.writestr("readme.txt", "x")
        packed.writestr("deep/setup.exe", "x")
    judged = judge_file(tmp_path / "a.zip.part", "a.zip")
    assert (judged.danger, judged.found) == (Danger.ARCHIVE, "deep/setup.exe")
    (tmp_path / "run.sh").write_text("echo")
    with tarfile.open(tmp_path / "b.tar.gz.part", "w:gz") as tarred:
        tarred.add(tmp_path / "run.sh", "../run.txt")
    judged = judge_file(tmp_path / "b.tar.gz.part", "b.tar.gz")
    assert (judged.danger, judged.found) == (Danger.ARCHIVE, "../run.txt")
    (tmp_path / "c.zip.part").write_bytes(b"PK\x03\x04 not one at all")
    assert judge_file(tmp_path / "c.zip.part", "c.zip").danger is None


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, Cause.NO_SPACE),
        (errno.EROFS, Cause.NO_ACCESS),
        (errno.ENOENT, Cause.FOLDER_GONE),
        (errno.EIO, Cause.DISK),
    ],
)
def test_causes_of_the_disk(number: int, cause: Cause) -> None:
    assert cause_of(OSError(number, "")) is cause
