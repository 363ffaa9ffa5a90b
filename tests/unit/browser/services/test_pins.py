"""Pins on the start page: kept, bounded, and never lost to a bad file."""

from __future__ import annotations

import json
from pathlib import Path

from myco_browser.services.pins import MAX_PINS, Pin, Pins


def test_pins_are_kept_and_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    pins = Pins(path)
    assert pins.toggle("https://a.example/", "A") is True
    assert pins.toggle("https://b.example/", "B") is True
    assert Pins(path).all == (Pin("https://a.example/", "A"), Pin("https://b.example/", "B"))
    assert pins.toggle("https://a.example/", "A") is False
    assert Pins(path).all == (Pin("https://b.example/", "B"),)


def test_only_addresses_of_the_web_are_pinned(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "pins.json")
    for url in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "myco://start/"):
        assert pins.toggle(url, "x") is False
    assert pins.all == ()


def test_there_is_a_limit(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "pins.json")
    for number in range(MAX_PINS + 5):
        pins.toggle(f"https://{number}.example/", "x")
    assert len(pins.all) == MAX_PINS


def test_a_bad_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    path.write_text("{not json")
    assert Pins(path).all == ()
    assert path.with_name("pins.json.broken").read_text() == "{not json"
    path.write_text(json.dumps([{"url": "javascript:x", "title": "x"}]))
    assert Pins(path).all == ()


def test_a_private_session_keeps_none() -> None:
    pins = Pins(None)
    pins.toggle("https://a.example/", "A")
    assert pins.all == ()
