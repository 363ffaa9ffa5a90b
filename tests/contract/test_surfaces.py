"""What the self-test says about other browsers is what docs/security.md says."""

from __future__ import annotations

from support.source_tree import ROOT

from myco_browser.selftest.surfaces import SURFACES

_TOR, _BRAVE = 3, 4


def _rows() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    lines = (line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| "))
    return {cells[0]: cells for cells in lines if len(cells) > _BRAVE}


def test_every_surface_has_its_row_with_the_same_words() -> None:
    rows = _rows()
    for one in SURFACES:
        assert one.row in rows, one.row
        assert (one.tor, one.brave) == (rows[one.row][_TOR], rows[one.row][_BRAVE]), one.row


def test_every_surface_is_named_once() -> None:
    names = [one.id for one in SURFACES]
    assert len(set(names)) == len(names)
