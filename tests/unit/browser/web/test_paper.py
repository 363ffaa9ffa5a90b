"""What is read of a PDF is its number of sheets, as text; broken ones say nothing or too much."""

from __future__ import annotations

import pytest

from myco_browser.web.paper import sheets_in


@pytest.mark.parametrize(
    ("pdf", "count"),
    [
        (b"%PDF-1.4\n1 0 obj\n<</Type /Pages\n/Count 12\n/Kids [2 0 R]>>", 12),
        (b"<</Type/Pages /Kids [2 0 R 3 0 R] /Count 2>>", 2),
        # A tree of them: the one on top counts all.
        (b"<</Type /Pages /Count 8>> <</Type /Pages /Count 20>>", 20),
        # An outline counts, too, and a page has no number of sheets.
        (b"<</Type /Outlines /Count 7>> <</Type /Page /Count 9>>", 0),
        (b"<</Type /Pages>> /Count 3", 0),
        (b"<</Type /Pages /Count 99999999999999>>", 0),
        (b"/Type /Pages" * 1000, 0),
        (b"", 0),
    ],
)
def test_the_number_of_sheets(pdf: bytes, count: int) -> None:
    assert sheets_in(pdf) == count
