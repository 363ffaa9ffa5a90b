from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from myco_filters import cache, compile
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Verdict

LINES = """
! Title: Kept list
||ads.test^
||track.test^$third-party
0.0.0.0 hosts.test
||ads.test/ok$script
@@||ads.test/fine$script
@@||open.test^
/banner/*$image
/^https:\\/\\/x[0-9]+\\.test\\//$script
*$script,domain=site.example|site.*
||a.test/x.js$script,redirect=noop.js
*$removeparam=utm_source
ünïcode/path
##.generic
site.example##.specific
~other.example##div[x]
site.example#@#.generic
site.example##+js(set, a, b)
"""
URLS = [
    "https://ads.test/x",
    "https://ads.test/fine/x",
    "https://hosts.test/",
    "https://x42.test/a",
    "https://other.test/banner/1.gif",
    "https://a.test/x.js",
    "https://q.test/?utm_source=1",
    "https://nothing.test/",
]


def verdicts(engine: Engine) -> list[Verdict]:
    return [
        engine.match(Request.make(url, source, kind))
        for url in URLS
        for source in ("https://site.example/", "https://other.example/", "")
        for kind in (Kind.SCRIPT, Kind.IMAGE, Kind.MAIN_FRAME)
    ]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "engine.cache"
    lists = [FilterList("one", "First", LINES), FilterList("two", "Second", "||ads.test^$doc")]
    compile.compile_to_cache(lists, path)
    return path


def test_a_loaded_engine_gives_the_same_verdicts(saved: Path) -> None:
    lists = [FilterList("one", "First", LINES), FilterList("two", "Second", "||ads.test^$doc")]
    made, loaded = Engine.compile(lists), Engine.load(saved)
    assert verdicts(loaded) == verdicts(made)
    assert loaded.lists == made.lists
    for page in ("https://site.example/", "https://other.example/"):
        assert loaded.cosmetics(page) == made.cosmetics(page)
    assert loaded.generic(["generic"], [], frozenset()) == (".generic",)
    assert loaded.generic_always(frozenset()) == ("div[x]",)
    assert loaded.lists[0].sha256 == hashlib.sha256(LINES.encode()).hexdigest()
    assert os.listdir(saved.parent) == ["engine.cache"], "no temporary file is left"


def test_a_child_process_compiles(tmp_path: Path) -> None:
    text, out = tmp_path / "list.txt", tmp_path / "out.cache"
    text.write_text(LINES, encoding="utf-8")
    subprocess.run(compile.command(out, [("mine", text, False)]), check=True)
    info = Engine.load(out).lists[0]
    assert (info.id, info.title) == ("mine", "Kept list")


def test_a_missing_list_is_a_clear_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compile.main([str(tmp_path / "out"), f"x={tmp_path / 'none'}"]) == 2
    assert "none" in capsys.readouterr().err
    assert compile.main([]) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: raw.replace(b"ads.test", b"adz.test", 1),
        lambda raw: b"another format\n" + raw.split(b"\n", 1)[1],
    ],
)
def test_a_damaged_file_is_refused(saved: Path, spoil: object) -> None:
    assert callable(spoil)
    saved.write_bytes(spoil(saved.read_bytes()))
    with pytest.raises(cache.CacheError):
        Engine.load(saved)


def resigned(head: bytes, body: bytes) -> bytes:
    return head + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_a_forged_file_is_refused_or_harmless(saved: Path) -> None:
    head, _, body = saved.read_bytes().split(b"\n", 2)
    chance = random.Random(7)
    refused = 0
    for _ in range(1500):
        forged = bytearray(body)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(forged))
            if chance.random() < 0.7:
                forged[at] = chance.choice(b'0123456789 \n"[]{},.^$|*/\\(+a\xff')
            else:
                del forged[at : at + chance.randint(1, 30)]
        saved.write_bytes(resigned(head, bytes(forged)))
        try:
            loaded = Engine.load(saved)
        except cache.CacheError:
            refused += 1
            continue
        assert len(verdicts(loaded)) == len(URLS) * 9
        found = loaded.cosmetics("https://site.example/")
        assert len(loaded.generic(["generic"], [], found.exceptions)) <= 9
    assert 0 < refused < 1500


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sizes", [-1]),
        ("sizes", [2**70]),
        ("sizes", "x"),
        ("lists", [[]]),
        ("lists", 3),
        ("realms", {"block": {}}),
        ("realms", [1]),
    ],
)
def test_a_forged_header_is_refused(saved: Path, key: str, value: object) -> None:
    head, _, body = saved.read_bytes().split(b"\n", 2)
    header, _, rest = body.partition(b"\n")
    changed = json.loads(header) | {key: value}
    saved.write_bytes(resigned(head, json.dumps(changed).encode() + b"\n" + rest))
    with pytest.raises(cache.CacheError):
        Engine.load(saved)


def test_loading_pauses_between_short_steps(tmp_path: Path) -> None:
    text = "\n".join(f"||a{n}.test^\n/path{n}.\n##.class{n}" for n in range(10_000))
    compile.compile_to_cache([FilterList("x", "X", text)], tmp_path / "cache")
    pauses: list[None] = []
    loaded = Engine.load(tmp_path / "cache", lambda: pauses.append(None))
    assert len(pauses) > 10
    for number in (0, 4095, 4096, 9999):
        request = Request.make(f"https://a{number}.test/", "", Kind.SCRIPT)
        assert loaded.match(request) != loaded.match(Request.make("https://b/", "", Kind.SCRIPT))
        assert loaded.generic([f"class{number}"], [], frozenset()) == (f".class{number}",)


def test_warming_up_changes_no_verdict(saved: Path) -> None:
    cold, warm = Engine.load(saved), Engine.load(saved)
    assert sum(1 for _ in warm.warm()) > 20
    assert verdicts(warm) == verdicts(cold)


def test_an_engine_that_was_cooled_can_still_be_asked(saved: Path) -> None:
    used, fresh = Engine.load(saved), Engine.load(saved)
    wanted = verdicts(fresh)
    assert sum(1 for _ in fresh.take_over(used)) > 20
    assert verdicts(used) == wanted
    assert sum(1 for _ in used.cool()) > 1
    assert not list(used.cool()), "nothing is left to forget"
    assert verdicts(used) == verdicts(fresh) == wanted
