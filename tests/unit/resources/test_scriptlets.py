"""The scriptlets: names and files."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from myco_resources.scriptlets import (
    KIT,
    aliases_of,
    canonical_name,
    kit,
    names,
    source_of,
)

_PAIRS = {")": "(", "]": "[", "}": "{"}
# Strings, templates, expressions after what cannot end a value, comments.
_LITERALS = re.compile(
    r"""//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[(=,:?!&|\s])/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*"""
)


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("set", "set-constant"),
        ("set-constant.js", "set-constant"),
        ("aopr", "abort-on-property-read"),
        ("aopw ", "abort-on-property-write"),
        ("acs", "abort-current-script"),
        ("acis", "abort-current-script"),
        ("aost", "abort-on-stack-trace"),
        ("nostif", "prevent-setTimeout"),
        ("no-setTimeout-if", "prevent-setTimeout"),
        ("nosiif", "prevent-setInterval"),
        ("nano-sib", "adjust-setInterval"),
        ("nano-stb", "adjust-setTimeout"),
        ("norafif", "prevent-requestAnimationFrame"),
        ("nowoif", "prevent-window-open"),
        ("aeld", "prevent-addEventListener"),
        ("ra", "remove-attr"),
        ("rc", "remove-class"),
        ("rmnt", "remove-node-text"),
        ("rpnt", "trusted-replace-node-text"),
        ("trusted-set", "trusted-set-constant"),
        ("json-prune", "json-prune"),
        ("xml-prune", "xml-prune"),
        ("json-edit", "json-edit"),
        ("nobab.js", "nobab"),
        ("kit", None),
        ("../kit", None),
        ("", None),
        ("__proto__", None),
    ],
)
def test_names_of_lists(name: str, canonical: str | None) -> None:
    assert canonical_name(name) == canonical
    assert (source_of(name) is None) == (canonical is None)


def test_every_file_has_a_name_and_every_name_a_file() -> None:
    folder = files("myco_resources.scriptlets")
    found = {one.name for one in folder.iterdir() if one.name.endswith(".js")}
    assert found == {*KIT, *(f"{name}.js" for name in names())}
    others = [other for name in names() for other in aliases_of(name)]
    assert len({*others, *names()}) == len(others) + len(names()), "no name stands for two"


@pytest.mark.parametrize("name", [*names(), "kit"])
def test_each_file_is_one_expression(name: str) -> None:
    source = source_of(name) or kit()
    code = _LITERALS.sub('""', source)
    stack: list[str] = []
    for at, character in enumerate(code.strip()):
        if character in "([{":
            stack.append(character)
        elif character in _PAIRS:
            assert stack.pop() == _PAIRS[character], code[:at][-80:]
        assert character != ";" or stack, "a statement beside the expression"
    assert not stack
    first = next(line for line in source.splitlines() if not line.startswith("//"))
    if name in names():
        assert re.match(r"\((?:kit\b.*)?\) =>", first), "takes the kit first"
        assert source.startswith(f"// {name}"), "says its arguments"
