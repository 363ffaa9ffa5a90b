"""The request log for other programs."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.services.request_export import as_csv, as_json_lines
from myco_browser.services.request_log import LogEntry, Outcome

ENTRIES = st.builds(
    LogEntry,
    st.integers(0, 10**6),
    st.floats(0, 4e9),
    st.sampled_from(Outcome),
    st.sampled_from(["script", "image"]),
    st.just("GET"),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
)


def test_what_is_written() -> None:
    entry = LogEntry(
        7, 1.5, Outcome.EXCEPTED, "script", "GET", "https://a.example/x", "a.example",
        "https://news.example/", "@@||a.example^", "easylist", "EasyList",
    )  # fmt: skip
    found = json.loads(as_json_lines([entry]))
    assert found == {
        "time": "1970-01-01T00:00:01.500+00:00",
        "outcome": "allowed-by-exception",
        "kind": "script",
        "method": "GET",
        "url": "https://a.example/x",
        "page": "https://news.example/",
        "filter": "@@||a.example^",
        "list": "easylist",
        "target": "",
        "alias": "",
    }
    (row,) = csv.DictReader(io.StringIO(as_csv([entry])))
    assert row == found | {"filter": "'@@||a.example^"}


@settings(max_examples=100, deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_both_forms_can_be_read_again(entries: list[LogEntry]) -> None:
    lines = [json.loads(line) for line in as_json_lines(entries).splitlines()]
    rows = list(csv.DictReader(io.StringIO(as_csv(entries), newline="")))
    assert [line["url"] for line in lines] == [entry.url for entry in entries]
    for row, line in zip(rows, lines, strict=True):
        for name, cell in row.items():
            assert cell.removeprefix("'") == line[name].removeprefix("'")
            assert not cell.startswith(("=", "+", "-", "@"))
