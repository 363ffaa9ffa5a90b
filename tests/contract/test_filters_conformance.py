"""Verdicts on recorded requests, compared with those of uBlock Origin's own engine."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from myco_filters.cli import described
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList


def _shared() -> Path | None:
    named = os.environ.get("MYCO_SHARED_DATA")
    found = Path(named) if named else Path(__file__).parents[3] / "shared" / "data"
    return found if (found / "requests" / "requests.jsonl.gz").is_file() else None


SHARED = _shared()
SETS = [
    ("combined-easylist-easyprivacy.txt", "easylist_easyprivacy"),
    ("combined-default.txt", "default"),
]


@pytest.mark.skipif(SHARED is None, reason="recorded requests are not here (MYCO_SHARED_DATA)")
@pytest.mark.parametrize(("name", "key"), SETS)
@pytest.mark.parametrize("from_cache", [False, True])
def test_agreement(name: str, key: str, from_cache: bool, tmp_path: Path) -> None:
    assert SHARED is not None
    text = (SHARED / "lists" / name).read_text(encoding="utf-8")
    engine = Engine.compile([FilterList(key, name, text)])
    if from_cache:
        engine.save(tmp_path / "cache")
        engine = Engine.load(tmp_path / "cache")
    total = 0
    differing = []
    with gzip.open(SHARED / "requests" / "requests.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            one = json.loads(line)
            request = Request.make(one["url"], one["source"], Kind.named(one["type"]))
            told = described(engine.match(request))
            total += 1
            if told["verdict"] != one[key]["verdict"]:
                differing.append((one["url"], one["source"], one[key], told))
    assert total > 16_000
    assert not differing, f"{len(differing)} of {total} differ, e.g. {differing[:3]}"
