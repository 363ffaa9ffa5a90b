"""What is to be forgotten of the sites that were opened."""

from __future__ import annotations

from pathlib import Path

from myco_browser.services.visited_origins import VisitedOrigins


def test_a_site_is_due_when_it_has_no_tab_and_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "visited"
    visited = VisitedOrigins(path)
    for url in ("https://www.one.example/a", "http://one.example/", "https://two.example/",
                "https://kept.example/", "myco://start/"):  # fmt: skip
        visited.note(url)
    due = visited.due(["two.example", None], lambda site: site == "kept.example")
    assert due == {"one.example": ("http://one.example", "https://www.one.example")}
    visited.save()
    again = VisitedOrigins(path)
    assert again.due(["two.example"], lambda site: site == "kept.example") == due
    again.leave("one.example")
    again.forgotten("one.example")
    # Opened again after it was left: it has something to forget.
    again.leave("two.example")
    again.note("http://two.example/")
    again.forgotten("two.example")
    again.save()
    assert set(VisitedOrigins(path).due([], lambda _site: False)) == {"two.example", "kept.example"}


def test_a_broken_file_forgets_nothing_and_hinders_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visited"
    path.write_text('{"a.example": ["javascript:1", 3], "b": 1')
    assert VisitedOrigins(path).due([], lambda _site: False) == {}
    path.write_text('{"a.example": ["javascript:1", 3, "https://a.example"], "b": 1}')
    found = VisitedOrigins(path).due([], lambda _site: False)
    assert found == {"a.example": ("https://a.example",)}
