"""Downloads: names are only names, what can do harm is told, checksums and cookies are matched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.addresses import parse_web_address
from myco_browser.domain.cookies import Cookie, cookie_header
from myco_browser.domain.dangerous_files import (
    Danger,
    danger_of_head,
    danger_of_name,
    dangerous_members,
)
from myco_browser.domain.download_names import free_name, safe_name
from myco_browser.domain.downloads import condition, same_checksum


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\evil.exe", "evil.exe"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("", "download"),
        ("..", "download"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\u200bb\ud800.txt", "ab.txt"),
        ("new\nline\x00.txt", "new line.txt"),
        ("photo.jpg" + " " * 80 + ".exe", "photo.jpg.exe"),
        ("photo.jpg\u00a0\u2003.exe", "photo.jpg.exe"),
        ("name. . ", "name"),
        ("x" * 300 + ".tar.gz", "x" * 193 + ".tar.gz"),
        ("é" * 300 + ".pdf", "é" * 98 + ".pdf"),
    ],
)
def test_names(suggested: str, name: str) -> None:
    assert safe_name(suggested) == name


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_hides(suggested: str) -> None:
    name = safe_name(suggested)
    assert name.isprintable()
    assert "/" not in name
    assert not name.startswith(".")
    assert 0 < len(name.encode()) <= 200
    assert Path("/folder", name).parent == Path("/folder")


def test_a_taken_name_gets_a_number_before_its_ending() -> None:
    taken = {"a.tar.gz", "a (1).tar.gz.part", "b", "b (1).part.download"}
    assert free_name("a.tar.gz", taken.__contains__) == "a (2).tar.gz"
    assert free_name("b", taken.__contains__) == "b (2)"
    assert free_name("c", taken.__contains__) == "c"


@pytest.mark.parametrize(
    ("name", "danger"),
    [
        ("setup.exe", Danger.FOREIGN),
        ("Readme.DESKTOP", Danger.LAUNCHER),
        ("photo.jpg.sh", Danger.SCRIPT),
        ("myco.deb", Danger.PACKAGE),
        ("sheet.xlsm", Danger.MACROS),
        ("debian.iso", Danger.DISK_IMAGE),
        ("photo.jpg", None),
        ("exe", None),
    ],
)
def test_endings_tell_danger(name: str, danger: Danger | None) -> None:
    assert danger_of_name(name) is danger


@pytest.mark.parametrize(
    ("head", "danger"),
    [
        (b"\x7fELF\x02\x01", Danger.PROGRAM),
        (b"\xef\xbb\xbf#!/bin/sh\n", Danger.SCRIPT),
        (b"# a comment\n[Desktop Entry]\nExec=rm", Danger.LAUNCHER),
        (b"MZ\x90", Danger.FOREIGN),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_danger(head: bytes, danger: Danger | None) -> None:
    assert danger_of_head(head) is danger


def test_archives_are_judged_by_what_is_in_them() -> None:
    names = ["readme.txt", "bin/setup.exe", "../../.profile", "/etc/cron.d/x"]
    assert dangerous_members(names) == ("bin/setup.exe", "../../.profile", "/etc/cron.d/x")


def test_only_what_names_the_same_bytes_makes_a_condition() -> None:
    assert condition('"abc"', "Sun, 22 Nov 2026 07:00:00 GMT") == '"abc"'
    assert condition('W/"abc"', "Sun, 22 Nov 2026 07:00:00 GMT").startswith("Sun")
    assert condition('W/"abc"', "") == ""


def test_a_pasted_checksum_is_found_in_what_sites_write() -> None:
    digest = "0123456789abcdef" * 4
    assert same_checksum(f"SHA256: {digest.upper()}  file.iso", digest) is True
    assert same_checksum("f" * 64, digest) is False
    assert same_checksum(digest[:-1], digest) is None
    assert same_checksum(f"{digest}0", digest) is None
    assert same_checksum("", digest) is None


def _header(url: str, *, from_itself: bool = True) -> str:
    cookies = (
        Cookie("host", "1", "a.example", "/", False, False),
        Cookie("below", "2", ".example", "/", False, False),
        Cookie("deep", "3", "a.example", "/files", False, False),
        Cookie("secure", "4", "a.example", "/", True, False),
        Cookie("strict", "5", "a.example", "/", False, True),
        Cookie("other", "6", "b.example", "/", False, False),
    )
    address = parse_web_address(url)
    assert address is not None
    return cookie_header(cookies, address, from_itself=from_itself)


def test_cookies_go_where_they_belong() -> None:
    assert _header("http://a.example/files/x?y") == "deep=3; host=1; below=2; strict=5"
    assert _header("http://a.example/filesystem") == "host=1; below=2; strict=5"
    assert _header("https://a.example/", from_itself=False) == "host=1; below=2; secure=4"
    assert _header("http://sub.a.example/") == "below=2"
    assert _header("http://notexample/") == ""
