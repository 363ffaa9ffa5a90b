"""Search engines: the built-in ones and those a user adds.

A template is an https address with one placeholder for the terms, behind the host. Nothing is
asked from an engine before the user presses Enter: there are no suggestions.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from myco_browser.domain.addresses import canonical_url, parse_web_address
from myco_browser.domain.messages import N_

DEFAULT_ENGINE = "qwant"
"""Id of the engine a new profile searches with."""

MAX_ENGINES = 200
_PLACEHOLDERS = ("{query}", "%s")
_KEYWORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_MAX_NAME = 64
_MAX_TEMPLATE = 2048


class SearchEngine(NamedTuple):
    """One engine: the id is stable, keywords are typed before the terms, the name is shown."""

    id: str
    name: str
    keywords: tuple[str, ...]
    template: str

    def url_for(self, terms: str) -> str:
        """The canonical address of the results for `terms`."""
        encoded = urllib.parse.quote(terms.encode("utf-8", "replace"), safe="")
        for placeholder in _PLACEHOLDERS:
            if placeholder in self.template:
                filled = self.template.replace(placeholder, encoded)
                return canonical_url(filled) or filled
        return self.template

    @property
    def host(self) -> str:
        """The host that is asked."""
        address = parse_web_address(self.url_for(""))
        return address.host if address else ""


class EngineProblem(Enum):
    """Why an engine cannot be added; the value is the sentence to show."""

    NAME = N_("Give the search engine a name of at most 64 characters.")
    KEYWORD = N_("A keyword is one word of small letters, digits, dots and hyphens.")
    KEYWORD_TAKEN = N_("Another search engine already has this keyword.")
    NOT_HTTPS = N_("The address of a search engine must begin with https://.")
    PLACEHOLDER = N_("The address must hold {query} or %s once, behind the host name.")
    ADDRESS = N_("This is not a valid address.")


def builtin_engines(language: str = "en") -> tuple[SearchEngine, ...]:
    """The engines every profile has; `w` asks the Wikipedia of `language` ("fr" or other)."""
    french = language.lower().startswith("fr")
    return (
        SearchEngine("qwant", "Qwant", ("q", "qwant"), "https://www.qwant.com/?q={query}"),
        SearchEngine("duckduckgo", "DuckDuckGo", ("ddg", "d"), "https://duckduckgo.com/?q={query}"),
        SearchEngine(
            "startpage",
            "Startpage",
            ("sp", "startpage"),
            "https://www.startpage.com/sp/search?query={query}",
        ),
        SearchEngine(
            "ecosia", "Ecosia", ("e", "ecosia"), "https://www.ecosia.org/search?q={query}"
        ),
        SearchEngine(
            "wikipedia-fr",
            "Wikipédia (français)",
            ("w", "wfr") if french else ("wfr",),
            "https://fr.wikipedia.org/w/index.php?search={query}",
        ),
        SearchEngine(
            "wikipedia-en",
            "Wikipedia (English)",
            ("wen",) if french else ("w", "wen"),
            "https://en.wikipedia.org/w/index.php?search={query}",
        ),
    )


def make_engine(
    name: str, keyword: str, template: str, existing: Sequence[SearchEngine]
) -> SearchEngine | EngineProblem:
    """Check what a user entered for a new engine. An empty keyword means none."""
    shown = " ".join(name.split())
    word = keyword.strip().lower()
    if not shown or len(shown) > _MAX_NAME or not shown.isprintable():
        return EngineProblem.NAME
    if word and not _KEYWORD.fullmatch(word):
        return EngineProblem.KEYWORD
    if any(word in engine.keywords for engine in existing):
        return EngineProblem.KEYWORD_TAKEN
    problem = _template_problem(template.strip())
    if problem is not None:
        return problem
    keywords = (word,) if word else ()
    return SearchEngine(_free_id(shown, existing), shown, keywords, template.strip())


def find_engine(engines: Sequence[SearchEngine], engine_id: str) -> SearchEngine:
    """The engine with `engine_id`, else the first: there is always one to search with."""
    return next((engine for engine in engines if engine.id == engine_id), engines[0])


def _template_problem(template: str) -> EngineProblem | None:
    if not template.lower().startswith("https://"):
        return EngineProblem.NOT_HTTPS
    if sum(template.count(placeholder) for placeholder in _PLACEHOLDERS) != 1:
        return EngineProblem.PLACEHOLDER
    first, second = (_filled(template, terms) for terms in ("one", "two"))
    a, b = parse_web_address(first), parse_web_address(second)
    if a is None or b is None or len(template) > _MAX_TEMPLATE or not template.isprintable():
        return EngineProblem.ADDRESS
    if (a.host, a.port, a.userinfo) != (b.host, b.port, b.userinfo) or a.rest == b.rest:
        return EngineProblem.PLACEHOLDER
    return EngineProblem.ADDRESS if a.userinfo or a.scheme != "https" else None


def _filled(template: str, terms: str) -> str:
    for placeholder in _PLACEHOLDERS:
        template = template.replace(placeholder, terms)
    return template


def _free_id(name: str, existing: Sequence[SearchEngine]) -> str:
    base = "user-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "engine")
    taken = {engine.id for engine in existing}
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
