"""What a letter would ask of others, named and counted before anything is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from myco_browser.domain.hosts import registrable_domain
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.verdict import Allow

_SOURCE = "https://letter.invalid/"


@dataclass(frozen=True, slots=True)
class RemoteContent:
    """Pictures by the servers that have them; `trackers` are those that a filter is against."""

    servers: tuple[tuple[str, int], ...]
    trackers: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(n for _, n in self.servers) + sum(n for _, n in self.trackers)


def judge_remote(engine: Engine, urls: tuple[str, ...]) -> RemoteContent:
    """Sorts what a letter would load into servers and trackers, the most asked first."""
    servers: Counter[str] = Counter()
    trackers: Counter[str] = Counter()
    for url in urls:
        site = _site(url)
        if not site:
            continue
        verdict = engine.match(Request.make(url, _SOURCE, Kind.IMAGE, "GET", _SOURCE))
        (servers if isinstance(verdict, Allow) else trackers)[site] += 1
    return RemoteContent(tuple(servers.most_common()), tuple(trackers.most_common()))


def _site(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return registrable_domain(host) or host
