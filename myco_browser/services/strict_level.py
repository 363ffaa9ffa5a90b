"""What the strict level adds on a site: a list of our own against annoyances of the site itself."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from myco_filters.engine import Engine
from myco_filters.lists.collection import annoyance_list
from myco_filters.syntax.lists import parse_list


class StrictExtras(NamedTuple):
    """Network filters, asked after those of the lists, and selectors that hide."""

    engine: Engine
    selectors: tuple[str, ...]


@cache
def strict_extras() -> StrictExtras:
    """The extras, read from the installed package once."""
    source = annoyance_list()
    hidden = (one for one in parse_list(source.text).cosmetic if one.is_generic)
    return StrictExtras(Engine.compile([source]), tuple(one.body for one in hidden))
