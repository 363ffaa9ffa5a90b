"""The modules that ship, as syntax trees, for tests that hold rules about the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_FOLDERS = (".", "filters", "vpn", "resources")
_PACKAGES = ("myco_browser", "myco_filters", "myco_vpn", "myco_resources", "myco_secrets")


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its dotted name, where it lies below the checkout, and its tree."""

    name: str
    path: Path
    tree: ast.Module

    def is_in(self, *packages: str) -> bool:
        """Whether the module is one of these or lies in one of them."""
        return any(self.name == each or self.name.startswith(each + ".") for each in packages)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported thing: `import a.b` has no name, `from a.b import c` has."""

    module: str
    name: str | None
    line: int


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the five packages."""
    found = []
    for folder in _FOLDERS:
        for package in _PACKAGES:
            for path in sorted((ROOT / folder / package).rglob("*.py")):
                parts = path.relative_to(ROOT / folder).with_suffix("").parts
                name = ".".join(parts).removesuffix(".__init__")
                tree = ast.parse(path.read_text("utf-8"), str(path))
                found.append(Module(name, path.relative_to(ROOT), tree))
    return tuple(found)


def imports_of(module: Module) -> Iterator[Import]:
    """Every import, also those inside functions."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(each.name, None, node.lineno) for each in names)
            case ast.ImportFrom(module=str(source), names=names):
                yield from (Import(source, each.name, node.lineno) for each in names)
            case _:
                pass


def calls_of(module: Module) -> Iterator[ast.Call]:
    """Every call."""
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def called_name(call: ast.Call) -> str:
    """The last word of what is called: `b` for `a.b()`, "" when it has no name."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
