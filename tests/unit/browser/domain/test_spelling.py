"""Only dictionaries that are there are asked for."""

from __future__ import annotations

from myco_browser.domain.controls import Choice
from myco_browser.domain.spelling import SPELLING, dictionaries_of

_ALL = ("en-GB", "en-US", "fr-FR")


def test_every_choice_names_dictionaries() -> None:
    assert isinstance(SPELLING.control, Choice)
    found = {value: dictionaries_of(value, _ALL) for value, _label in SPELLING.control.options}
    assert found["off"] == ()
    assert found["both"] == ("fr-FR", "en-US")
    assert all(names for value, names in found.items() if value != "off")


def test_what_is_not_there_is_left_out() -> None:
    assert dictionaries_of("both", ("en-US",)) == ("en-US",)
    assert dictionaries_of("fr", ("en-US",)) == ()
