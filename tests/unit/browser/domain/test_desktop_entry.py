"""The desktop's files say what the specifications want, and let no address become an option."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from myco_browser.domain.desktop_entry import MIME_TYPES, desktop_entry, metainfo

_COMMAND = ["/opt/with space/myco-browser", 'PATH=$a"b\\c`d', "100%"]


def _read(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_the_entry_has_its_actions_types_and_window_class() -> None:
    parsed = _read(desktop_entry(["myco-browser"]))
    entry = parsed["Desktop Entry"]
    assert entry["Exec"] == "myco-browser -- %U"
    assert entry["StartupWMClass"] == "myco-browser"
    assert set(entry["MimeType"].strip(";").split(";")) == set(MIME_TYPES)
    actions = entry["Actions"].strip(";").split(";")
    assert [parsed[f"Desktop Action {name}"]["Exec"] for name in actions] == [
        "myco-browser --new-window",
        "myco-browser --private",
    ]


def test_words_are_quoted_as_the_specification_says() -> None:
    value = _read(desktop_entry(_COMMAND))["Desktop Entry"]["Exec"]
    assert value == (
        '"/opt/with space/myco-browser" "PATH=\\\\$a\\\\"b\\\\\\\\c\\\\`d" 100%% -- %U'
    )


def test_the_description_is_whole_xml() -> None:
    root = ET.fromstring(metainfo())
    assert root.findtext("launchable") == "myco-browser.desktop"
    assert {one.text for one in root.findall("provides/mediatype")} == set(MIME_TYPES)


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils not here")
def test_the_desktops_own_checker_takes_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "myco-browser.desktop"
    path.write_text(desktop_entry(_COMMAND))
    checked = subprocess.run(
        ["desktop-file-validate", path], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
