"""The command line, which strangers' links reach."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from myco_browser import __main__ as program
from myco_browser import cli
from myco_browser.cli import Options, as_url, parse


def test_nothing_asked_for() -> None:
    assert parse([]) == Options()


def test_all_options() -> None:
    options = parse(
        ["--private", "--new-window", "--lang", "fr", "--log-level", "info", "--no-seal", "a b"]
    )
    assert options == Options(
        urls=("a b",),
        private=True,
        new_window=True,
        language="fr",
        log_level="info",
        seal=False,
    )


def test_the_self_test_may_print_json() -> None:
    assert parse(["--self-test", "--json"]) == Options(self_test=True, json=True)


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = parse(["--profile", "p", "--host-map", "m"])
    assert options.profile == str(tmp_path / "p")
    assert options.host_map == str(tmp_path / "m")


def test_after_two_dashes_nothing_is_an_option() -> None:
    assert parse(["--", "--private", "-x"]).urls == ("--private", "-x")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--priv"],
        ["--unknown"],
        ["-x"],
        ["--profile", "a", "--temp-profile"],
        ["--log-level", "loud"],
        ["--json"],
    ],
)
def test_what_cannot_be_read_ends_the_program(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    "word",
    [
        "https://example.org/a b?c=d",
        "example.org",
        "localhost:3000",
        "javascript:alert(1)",
        "two words",
        "about:blank",
        "file:///etc/hostname",
        "missing.html",
        "",
        "nul\0byte",
    ],
)
def test_what_is_no_file_is_left_to_the_address_bar(word: str, tmp_path: Path) -> None:
    assert as_url(word, str(tmp_path)) == word


def test_files_become_urls(tmp_path: Path) -> None:
    (tmp_path / "a page#1.html").write_text("")
    folder = str(tmp_path)
    assert as_url("a page#1.html", folder) == f"file://{folder}/a%20page%231.html"
    assert as_url("./missing.html", folder) == f"file://{folder}/missing.html"
    assert as_url("/etc/../etc/x", folder) == "file:///etc/x"


def test_root_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert program.main([]) == 2
    assert "does not run as root" in capsys.readouterr().err


def test_the_help_names_every_option() -> None:
    text = cli._parser().format_help()
    for option in ("--private", "--temp-profile", "--host-map", "--no-seal", "--version"):
        assert option in text
