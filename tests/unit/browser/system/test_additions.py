"""What is fetched at set-up is found where it lies, and nothing is made of half of it."""

from __future__ import annotations

from pathlib import Path

from myco_browser.system.additions import (
    READER_FILES,
    dictionaries_in,
    dictionary_folder,
    reader_code,
)


def _environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_DATA_HOME": str(tmp_path)}


def test_the_reader_needs_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "myco-browser" / "reader"
    folder.mkdir(parents=True)
    for name in READER_FILES[:-1]:
        (folder / name).write_text(name)
    assert reader_code(_environ(tmp_path)) is None
    (folder / READER_FILES[-1]).write_bytes(b"\xff\xfe")
    assert reader_code(_environ(tmp_path)) is None
    (folder / READER_FILES[-1]).write_text("last")
    assert reader_code(_environ(tmp_path)) == (*READER_FILES[:-1], "last")


def test_a_folder_without_dictionaries_counts_as_none(tmp_path: Path) -> None:
    folder = tmp_path / "myco-browser" / "dictionaries"
    assert dictionary_folder(_environ(tmp_path)) is None
    folder.mkdir(parents=True)
    assert dictionary_folder(_environ(tmp_path)) is None
    (folder / "fr-FR.bdic").touch()
    (folder / "notes").touch()
    assert dictionary_folder(_environ(tmp_path)) == str(folder)
    assert dictionaries_in(str(folder)) == ("fr-FR",)
