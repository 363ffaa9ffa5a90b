"""One of the Python engines of benchmarks/filters/peers.py, asked by lines on standard input.

    python peer.py ENGINE LISTS REQUESTS

LISTS is one text file, REQUESTS a JSON array of [url, source, type]. A line ``verdicts`` is
answered with 0 or 1 for each request, any other line with the nanoseconds that each one took.
"""

from __future__ import annotations

import gc
import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, perf_counter_ns

Asked = tuple[str, str, str]
Ask = Callable[[Asked], bool]


def resident() -> int:
    """Resident memory of this process in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def myco(text: str) -> Ask:
    from myco_filters.engine import Engine
    from myco_filters.request import Kind, Request
    from myco_filters.syntax.lists import FilterList
    from myco_filters.verdict import Block, Redirect

    engine = Engine.compile([FilterList("bench", "bench", text)])
    make, named, match = Request.make, Kind.named, engine.match
    refused = (Block, Redirect)
    return lambda asked: match(make(asked[0], asked[1], named(asked[2]))).__class__ in refused


def adblock(text: str) -> Ask:
    library = importlib.import_module("adblock")
    filters = library.FilterSet()
    filters.add_filter_list(text)
    check = library.Engine(filters).check_network_urls
    return lambda asked: check(asked[0], asked[1], asked[2]).matched


def braveblock(text: str) -> Ask:
    library = importlib.import_module("braveblock")
    check = library.Adblocker(rules=text.splitlines()).check_network_urls
    return lambda asked: check(url=asked[0], source_url=asked[1], request_type=asked[2])


_PLAIN = re.compile(r"[^()\[\]\\]*").fullmatch


def adblockparser(text: str) -> Ask:
    library = importlib.import_module("adblockparser")

    def is_read(line: str) -> bool:
        # It joins all expressions, and one that is wrong would cost all the others.
        try:
            rule = library.AdblockRule(line)
            if rule.regex and not _PLAIN(line):
                re.compile(rule.regex)
                if rule.regex.count("(") != rule.regex.count(")"):
                    return False
        except (library.AdblockParsingError, re.error):
            return False
        return True

    rules = library.AdblockRules(filter(is_read, text.splitlines()))

    def ask(asked: Asked) -> bool:
        url, source, kind = asked
        host = source.split("/")[2] if source.count("/") > 1 else ""
        options = {
            **{"script": kind == "script", "image": kind == "image"},
            **{"stylesheet": kind == "stylesheet", "xmlhttprequest": kind == "xmlhttprequest"},
            **{"subdocument": kind == "sub_frame", "domain": host},
            "third-party": not url.split("/")[2].endswith(".".join(host.split(".")[-2:])),
        }
        return bool(rules.should_block(url, options))

    return ask


ENGINES = {one.__name__: one for one in (myco, adblock, braveblock, adblockparser)}


def main() -> None:
    name, lists, requests = sys.argv[1:4]
    asked: list[Asked] = [tuple(one) for one in json.loads(Path(requests).read_text())]
    text = Path(lists).read_text(encoding="utf-8")
    gc.collect()
    before = resident()
    started = perf_counter()
    ask = ENGINES[name](text)
    took = perf_counter() - started
    gc.collect()
    gc.freeze()
    print(json.dumps({"load": took, "memory": resident() - before}), flush=True)
    for line in sys.stdin:
        if line == "verdicts\n":
            print(json.dumps([int(ask(one)) for one in asked]), flush=True)
            continue
        times = []
        for one in asked:
            begun = perf_counter_ns()
            ask(one)
            times.append(perf_counter_ns() - begun)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
