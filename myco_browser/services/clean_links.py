"""A link as one would like to pass it on: without tracking words, and without a detour."""

from __future__ import annotations

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.verdict import Rewrite

_MOST_STEPS = 5


def clean_link(engine: Engine, urlstr: str) -> str:
    """Where the page at `urlstr` would be loaded from; the same when there is nothing to do."""
    for _ in range(_MOST_STEPS):
        verdict = engine.match(Request.make(urlstr, urlstr, Kind.MAIN_FRAME, "GET", urlstr))
        if not isinstance(verdict, Rewrite) or verdict.url == urlstr:
            break
        urlstr = verdict.url
    return urlstr
