"""Every icon that is named in code is there.

Names reach `read_icon` through functions and fields; the test follows them backwards from there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from support.source_tree import ROOT, Module, called_name, modules

_ICONS = ROOT / "resources" / "myco_resources" / "icons"
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# What takes an icon's name: a function or class, and the place among its arguments.
_Sinks = dict[str, set[tuple[int, str]]]


def _functions() -> Iterator[tuple[Module, _FunctionNode]]:
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, _FunctionNode):
                yield module, node


def _key(module: Module, name: str) -> str:
    """A private name means something in its own module only."""
    return f"{module.name}.{name}" if name.startswith("_") else name


def _parameters(function: _FunctionNode) -> list[str]:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _keyword_only(function: _FunctionNode) -> list[str]:
    return [each.arg for each in function.args.kwonlyargs]


def _arguments(module: Module, call: ast.Call, sinks: _Sinks) -> Iterator[ast.expr]:
    """The expressions that stand where an icon's name is wanted."""
    for position, name in sinks.get(_key(module, called_name(call)), ()):
        if 0 <= position < len(call.args):
            yield call.args[position]
        yield from (each.value for each in call.keywords if each.arg == name)


def _sinks() -> _Sinks:
    """Grows from `read_icon` through every function that passes its parameter on."""
    sinks: _Sinks = {"read_icon": {(0, "name")}, **_fields()}
    functions = list(_functions())
    while True:
        before = sum(map(len, sinks.values()))
        for module, function in functions:
            names = _parameters(function)
            every = [*names, *_keyword_only(function)]
            passed = {
                argument.id
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                for argument in _arguments(module, call, sinks)
                if isinstance(argument, ast.Name)
            }
            for name in passed.intersection(every):
                place = names.index(name) if name in names else -1
                sinks.setdefault(_key(module, function.name), set()).add((place, name))
        if sum(map(len, sinks.values())) == before:
            return sinks


def _fields() -> _Sinks:
    """Classes of values with a field `icon: str`."""
    found: _Sinks = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
                for place, each in enumerate(fields):
                    match each:
                        case ast.AnnAssign(ast.Name("icon"), ast.Name("str")):
                            found[_key(module, node.name)] = {(place, "icon")}
                        case _:
                            pass
    return found


def _texts(expression: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, as far as they are written out."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=otherwise):
            yield from _texts(body)
            yield from _texts(otherwise)
        case _:
            return


def _named() -> dict[str, str]:
    """Icon name to one place where it is wanted."""
    sinks = _sinks()
    return {
        text: f"{module.path}:{call.lineno}"
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        for argument in _arguments(module, call, sinks)
        for text in _texts(argument)
        if text
    }


def test_every_named_icon_is_there() -> None:
    """A missing one would be an exception when a menu opens."""
    there = {path.stem for path in _ICONS.glob("*.svg")}
    missing = {name: place for name, place in _named().items() if name not in there}
    assert not missing


def test_names_are_found() -> None:
    """The search follows functions, fields and conditions."""
    named = _named()
    assert {"reload", "close", "mask", "search"} <= named.keys()
    assert len(named) >= 25


def test_icons_take_the_colour_of_the_face() -> None:
    """But for the browser's own mark, an icon has no colour of its own."""
    fixed = [
        path.name
        for path in sorted(_ICONS.glob("*.svg"))
        if not path.stem.startswith("myco") and "currentColor" not in path.read_text("utf-8")
    ]
    assert not fixed
