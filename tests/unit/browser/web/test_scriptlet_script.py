"""How calls of filter lists become the script of a page."""

from __future__ import annotations

import json
import re

import pytest

from myco_browser.web.scriptlets import calls_of, script_of
from myco_filters.cosmetic import Cosmetics
from myco_filters.syntax.procedural import Scriptlet
from myco_resources.scriptlets import kit, needs_trust, source_of


def _found(*calls: tuple[str, str, tuple[str, ...]]) -> Cosmetics:
    return Cosmetics(
        scriptlets=tuple(Scriptlet(name, words) for _, name, words in calls),
        scriptlet_lists=tuple(origin for origin, _, _ in calls),
    )


def test_calls_are_canonical_known_and_made_once() -> None:
    found = _found(
        ("easylist", "set", ("a", "1")),
        ("easylist", "set-constant", ("a", "1")),
        ("easylist", "no-such", ()),
        ("easylist", "nowoif", ()),
    )
    assert calls_of(found) == (("set-constant", ("a", "1")), ("prevent-window-open", ()))


@pytest.mark.parametrize(
    ("origin", "made"),
    [("ublock-filters", 1), ("base-ads", 1), ("easylist", 0), ("", 0), ("x-ublock-", 0)],
)
def test_only_trusted_lists_run_what_needs_trust(origin: str, made: int) -> None:
    assert needs_trust("trusted-replace-node-text")
    assert not needs_trust("set-constant")
    assert len(calls_of(_found((origin, "rpnt", ("script", "a", "b"))))) == made


def test_arguments_are_data_and_only_functions_in_use_are_there() -> None:
    hostile = '"]}};alert(1);//__KIT__\u2028</script>__SCRIPTLETS__'
    script = script_of({"a.test": (("set-constant", (hostile, "1")),)})
    assert json.dumps(hostile) in script
    assert "\u2028" not in script
    assert script.count(kit()) == 1
    assert str(source_of("set")) in script
    assert "prevent-fetch" not in script
    table = re.search(r"const table = (.*);\n", script)
    assert table is not None
    assert json.loads(table[1])["hosts"] == {"a.test": [["set-constant", [hostile, "1"]]]}


def test_what_other_hosts_call_moves_no_line() -> None:
    wanted = ("set-constant", ("a", "1"))
    alone = script_of({"a.test": (wanted,)}).splitlines()
    beside = script_of({"b.test": (("nowebrtc", ()), ("json-prune", ("x",))), "a.test": (wanted,)})
    source = str(source_of("set")).splitlines()[-3]
    assert [line for line in alone if line.strip()] != alone
    assert alone.index(source) == beside.splitlines().index(source)
    assert len(alone) == len(beside.splitlines())


def test_answers_that_name_a_stand_in_carry_its_text() -> None:
    script = script_of({"a.test": (("prevent-fetch", ("x", "war:noop-vast3.xml")),)})
    table = re.search(r"const table = (.*);\n", script)
    assert table is not None
    texts = json.loads(table[1])["texts"]
    assert "<VAST" in texts["noop-vast3.xml"]
