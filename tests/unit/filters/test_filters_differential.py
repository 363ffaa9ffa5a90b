"""Single patterns, compared with adblockparser, which turns each into one regular expression."""

from __future__ import annotations

from adblockparser import AdblockRule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Block

HOSTS = st.sampled_from(["ads.a.test", "a.test", "bada.test", "x.test", "a.test.x.test"])
PATHS = st.lists(
    st.sampled_from(["/", "ads", "b", "-", "_", ".", "?", "=", "&", "js", "1", "%2f", "ads.js"]),
    max_size=7,
).map(lambda parts: "/" + "".join(parts))
BODIES = st.lists(
    st.sampled_from(["/", "ads", "b", "-", "_", ".", "^", "*", "js", "1", "a.test", "test", "?"]),
    min_size=1,
    max_size=5,
).map("".join)
PREFIXES = st.sampled_from(["", "", "||", "|https://", "||a.test", "||a.test^", "||a.test/"])
SUFFIXES = st.sampled_from(["", "", "|", "^", "*"])


@settings(max_examples=1500, deadline=None)
@given(PREFIXES, BODIES, SUFFIXES, HOSTS, PATHS)
def test_patterns_fit_where_they_do_elsewhere(
    prefix: str, body: str, suffix: str, host: str, path: str
) -> None:
    line = prefix + body + suffix
    # Slashes around make an expression; "||" before a wildcard or separator is read differently,
    # and so is a bare host name, which is a whole host for us.
    assume(not (line.startswith("/") and line.endswith("/")))
    assume(not line.startswith(("||*", "||^", "||/", "||.", "||-", "||_", "||?")))
    assume(body.strip("*^") and "**" not in line and "^^" not in line)
    assume(prefix or not all(c.isalnum() or c in ".-_" for c in line))
    url = f"https://{host}{path}"
    expected = AdblockRule(line).match_url(url)
    engine = Engine.compile([FilterList("one", "One", line)])
    verdict = engine.match(Request.make(url, "https://site.test/", Kind.SCRIPT))
    assert isinstance(verdict, Block) is expected, (line, url)
