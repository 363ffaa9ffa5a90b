"""Builds with ``MYCO_COMPILE=1`` a wheel whose filter engine is compiled; else pure Python.

    pip install mypy setuptools
    MYCO_COMPILE=1 python -m build --wheel --no-isolation

That needs a C compiler, and the wheel fits one kind of machine and one version of Python. It holds
the Python sources, too: where a compiled module is missing, they are used. Everything else is in
pyproject.toml.
"""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import setup

# What every request passes, and what every line of a list passes.
COMPILED = (
    *("buckets", "candidates", "conditions", "engine", "gate", "hosts", "index", "lines"),
    *("origin", "pattern", "request", "scene", "tokens"),
    *("build", "build_cosmetic", "syntax/cosmetic", "syntax/lists", "syntax/network"),
    *("syntax/options", "syntax/procedural", "syntax/usual"),
)


def compiled_modules() -> list[object]:
    """The extension modules, made from the sources by mypyc."""
    from mypyc.build import mypycify

    sources = Path("filters", "myco_filters")
    # Not the settings that the project is checked with: they name folders that a build has not.
    options = ["--config-file", os.devnull, "--strict", "--ignore-missing-imports"]
    found: list[object] = mypycify(
        [*options, *(str(sources / f"{name}.py") for name in COMPILED)], opt_level="3"
    )
    return found


if __name__ == "__main__":
    setup(ext_modules=compiled_modules() if os.environ.get("MYCO_COMPILE") == "1" else [])
