"""Names of downloads are only names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.ui.downloads import free_path, safe_name


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\evil.exe", "evil.exe"),
        (".bashrc", "bashrc"),
        ("", "download"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("new\nline\x00.txt", "newline.txt"),
    ],
)
def test_names(suggested: str, name: str) -> None:
    assert safe_name(suggested) == name


@given(st.text())
def test_no_name_leaves_its_folder(suggested: str) -> None:
    name = safe_name(suggested)
    assert name
    assert "/" not in name
    assert name not in (".", "..")
    assert Path("/folder", name).parent == Path("/folder")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first = tmp_path / "a.tar.gz"
    first.touch()
    assert free_path(first).name == "a.tar (1).gz"
