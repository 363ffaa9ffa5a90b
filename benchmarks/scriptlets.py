"""Which scriptlets filter lists call, how often, and which of the calls we make: a table.

    PYTHONPATH=.:filters:resources python benchmarks/scriptlets.py LIST… > table

A line of a list is one use, whatever sites it names; exceptions are none. A trusted scriptlet
counts as made: whether a list is trusted is decided when it runs (docs/scriptlets.md).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from myco_filters.syntax.lists import parse_list
from myco_filters.syntax.procedural import BodyError, Scriptlet, read_body
from myco_resources.scriptlets import canonical_name


def calls_in(text: str) -> Iterator[Scriptlet]:
    """The scriptlet calls of a list that are no exceptions."""
    for one in parse_list(text).cosmetic:
        if not one.is_scriptlet or one.exception:
            continue
        try:
            body = read_body(one.body)
        except BodyError:
            continue
        if isinstance(body, Scriptlet) and body.name:
            yield body


def table(counts: Counter[tuple[str, bool]]) -> Iterator[str]:
    """Lines of Markdown, the most used first."""
    total = sum(counts.values())
    made = sum(count for (_, ours), count in counts.items() if ours)
    yield f"{made} of {total} uses are served: {100 * made / total:.1f} %."
    yield ""
    yield "| Scriptlet | Uses | Served |"
    yield "|---|---:|---|"
    for (name, ours), count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        yield f"| `{name}` | {count} | {'yes' if ours else 'no'} |"


def main(paths: Iterable[str]) -> None:
    """Prints the table for these lists."""
    counts: Counter[tuple[str, bool]] = Counter()
    for path in paths:
        for call in calls_in(Path(path).read_text("utf-8")):
            known = canonical_name(call.name)
            counts[known or call.name, known is not None] += 1
    print("\n".join(table(counts)))


if __name__ == "__main__":
    main(sys.argv[1:])
