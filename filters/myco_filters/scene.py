"""Scenes: what is known of all requests of one kind and party from one site to one host.

A page asks the same hosts many times. What the options say about host and site is decided once for
a scene, and so is which patterns cannot fit its host; the rest is tried on every request.
"""

from __future__ import annotations

from myco_filters.buckets import Bucket, PathBucket
from myco_filters.candidates import Candidate, PlainHost, Ready
from myco_filters.request import Request

EMPTY = Bucket(())


class HostFacts:
    """What the buckets hold for one request host, kind and party."""

    __slots__ = ("others", "paths", "plain")

    def __init__(
        self, plain: PlainHost | None, paths: PathBucket, others: tuple[Candidate, ...]
    ) -> None:
        self.plain = plain
        self.paths = paths
        self.others = others


class Scene:
    """The candidates of one realm for a request's kind, party, host and asking site."""

    __slots__ = ("by_start", "free", "has_paths", "is_void", "others", "plain", "rest", "source")

    def __init__(self, request: Request, host: HostFacts, source: Bucket, rest: Bucket) -> None:
        self.plain = host.plain
        self.by_start, self.free = host.paths.for_site(request.source_names)
        self.has_paths = bool(self.by_start or self.free)
        self.source = source if source.gate is not None else None
        """Candidates of the asking site, where they are many."""
        of_source = () if source.gate is not None else source.free
        if request.is_usual:
            of_source = tuple(one for one in of_source if one[3].can_fit(request.host))
        scene = (_in_scene(one[3], request) for one in host.others + of_source)
        self.others = tuple(one for one in scene if one is not None)
        self.rest = rest if rest.gate is not None else None
        """Candidates of all hosts, behind a gate."""
        self.is_void = not (self.plain or self.has_paths or self.source or self.others or self.rest)


def _in_scene(ready: Ready, request: Request) -> Candidate | None:
    """A candidate without its tests on host and site, or None when these fail."""
    site = ready.site()
    return ready.in_scene() if site is None or site(request) else None
