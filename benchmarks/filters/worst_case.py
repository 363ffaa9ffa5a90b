"""Look for the slowest match that the lists can be made to do: any expression, and whole engines.

    python benchmarks/filters/worst_case.py LIST… [--attempts N]

For each expression hostile addresses are made: long runs of few characters, repeated pieces of the
expression itself, and mutations of the slowest found so far. The worst times are printed, in ms.
The same kind of addresses, and some of 64 KB, are then given to an engine made of all lists; its
first look at a host or token prepares filters and is told apart.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from contextlib import suppress
from pathlib import Path
from time import thread_time

sys.path.insert(0, str(Path(__file__).parents[2] / "filters"))

from myco_filters.engine import Engine
from myco_filters.pattern import expression_of, expression_test
from myco_filters.regex import RegexRefusedError
from myco_filters.request import URL_LIMIT, Kind, Request
from myco_filters.syntax.lists import FilterList, parse_list

RUNS = ["a", "0", "a0", "-", "_", "/", ".", "a.", "a-", "/a", "%2f", "a=", "&a=", "a/", "aa.a/"]
STARTS = ["", "https://", "https://a.com/", "https://aaaaaaaa.com/", "http://www.a.xyz/"]
ENDS = ["", "!", "/", ".js", "?", "\u00e9"]


def hostile(body: str, chance: random.Random) -> str:
    words = re.findall(r"[A-Za-z0-9./=_%?&-]{2,}", body.replace("\\", ""))
    pieces = RUNS + words
    text = chance.choice(STARTS)
    for _ in range(chance.randint(1, 4)):
        text += chance.choice(pieces) * chance.choice([1, 2, 10, 60, 400, 4096])
    return (text[:URL_LIMIT] + chance.choice(ENDS)).lower()


def mutated(text: str, chance: random.Random) -> str:
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return (text[:start] + text[start:end] * chance.choice([0, 1, 2, 5]) + text[end:])[:URL_LIMIT]


def worst(pattern: str, attempts: int, chance: random.Random) -> tuple[float, str]:
    expression = expression_of(pattern)
    test = expression_test(expression, match_case=False)
    test("")
    slowest, address = 0.0, ""
    for attempt in range(attempts):
        text = mutated(address, chance) if address and attempt % 2 else hostile(pattern, chance)
        started = thread_time()
        test(text)
        took = thread_time() - started
        if took > slowest:
            slowest, address = took, text
    return slowest, address


def whole(lists: list[FilterList], patterns: list[str], attempts: int) -> None:
    """Time whole verdicts on hostile addresses: at the first look, and after it."""
    engine = Engine.compile(lists)
    for _step in engine.warm():  # as the browser does it when nothing happens
        pass
    chance = random.Random(2)
    first: list[float] = []
    again: list[float] = []
    for attempt in range(attempts):
        url = hostile(chance.choice(patterns), chance)
        if attempt % 10 == 0:
            url = "https://a.com/" + (url + chance.choice(RUNS)) * (65_536 // (len(url) + 5))
        source = chance.choice(["https://b.test/", "https://a.com/", ""])
        kind = chance.choice(list(Kind))
        for found in (first, again, again, again):
            started = thread_time()
            engine.match(Request.make(url, source, kind))
            found.append((thread_time() - started) * 1e3)
    # The least of three looks at each address: what the address costs, not the machine.
    least = sorted(min(again[at : at + 3]) for at in range(0, len(again), 3))
    long = [min(again[at : at + 3]) for at in range(0, len(again), 30)]
    print(f"whole engine, {attempts} hostile addresses, ms: first look max {max(first):.2f}")
    for name, values in (("later", least), ("later, 64 KB", sorted(long))):
        middle, most = values[len(values) // 2], values[len(values) * 99 // 100]
        print(f"  {name:14} median {middle:.3f}  p99 {most:.3f}  max {values[-1]:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lists", nargs="+", type=Path)
    parser.add_argument("--attempts", type=int, default=300)
    options = parser.parse_args()
    patterns: dict[str, None] = {}
    lists = [FilterList(p.stem, p.stem, p.read_text(encoding="utf-8")) for p in options.lists]
    for one in lists:
        for made in parse_list(one.text).network:
            if made.is_regex:
                with suppress(RegexRefusedError):
                    expression_of(made.pattern)
                    patterns[made.pattern] = None
    chance = random.Random(1)
    found = []
    for pattern in patterns:
        slowest, address = worst(pattern, options.attempts, chance)
        found.append((slowest * 1e3, pattern, address))
    found.sort(reverse=True)
    print(f"{len(patterns)} expressions, {options.attempts} addresses each")
    for slowest, pattern, address in found[:12]:
        reach = expression_of(pattern).reach
        print(f"{slowest:8.2f} ms  reach {reach:4}  {pattern[:110]}  on {address[:40]}…")
    whole(lists, list(patterns), 20 * options.attempts)


if __name__ == "__main__":
    main()
