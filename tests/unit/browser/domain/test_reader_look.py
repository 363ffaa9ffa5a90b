"""The reader's settings make a style that can be read."""

from __future__ import annotations

import pytest
from support.contrast import contrast

from myco_browser.domain.reader_look import (
    LARGEST,
    PAPERS,
    READER_COLOURS,
    READER_SIZE,
    SMALLEST,
    Paper,
    next_size,
    style_of,
)
from myco_browser.domain.settings_snapshot import Change, Settings, apply_changes


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_every_text_can_be_read_on_every_paper(paper: Paper) -> None:
    for colour in (paper.text, paper.quiet, paper.link):
        assert contrast(colour, paper.ground) >= 4.5


def test_the_window_decides_unless_the_user_did() -> None:
    settings = Settings()
    assert style_of(settings, dark_window=True)["--ground"] == PAPERS["dark"].ground
    assert style_of(settings, dark_window=False)["--ground"] == PAPERS["light"].ground
    sepia = apply_changes(settings, (Change(READER_COLOURS, "sepia"),), "")
    assert isinstance(sepia, Settings)
    assert style_of(sepia, dark_window=True)["--ground"] == PAPERS["sepia"].ground


def test_sizes_stay_within_their_bounds() -> None:
    assert next_size(LARGEST, 1) == LARGEST
    assert next_size(SMALLEST, -1) == SMALLEST
    assert next_size(16, 1) == 18
    assert next_size(30, 0) == READER_SIZE.default
