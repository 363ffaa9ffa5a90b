"""The request log as text for other programs: JSON lines, or a table with commas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from myco_browser.services.request_log import LogEntry

_COLUMNS = (
    "time", "outcome", "kind", "method", "url", "page", "filter", "list", "target", "alias",
)  # fmt: skip
# A spreadsheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json_lines(entries: Iterable[LogEntry]) -> str:
    """One JSON object a line; times are UTC (ISO 8601), URLs at most `LONGEST_URL` long."""
    return "".join(
        json.dumps(dict(zip(_COLUMNS, _cells(entry), strict=True))) + "\n" for entry in entries
    )


def as_csv(entries: Iterable[LogEntry]) -> str:
    """A table as in RFC 4180, with a row of names.

    A cell that a spreadsheet could run as a formula has an apostrophe before it.
    """
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for entry in entries:
        cells = _cells(entry)
        writer.writerow("'" + cell if cell.startswith(_FORMULA) else cell for cell in cells)
    return table.getvalue()


def _cells(entry: LogEntry) -> tuple[str, ...]:
    when = datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="milliseconds")
    return (
        when,
        entry.outcome.value,
        entry.kind,
        entry.method,
        entry.url,
        entry.page,
        entry.filter_text,
        entry.list_id,
        entry.target,
        entry.alias,
    )
