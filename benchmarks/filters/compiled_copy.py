"""Compile the engine's inner modules with mypyc into a copy, to compare both builds.

    python benchmarks/filters/compiled_copy.py OUT
    MYCO_FILTERS_PATH=OUT python benchmarks/filters/engine_speed.py

Needs mypy, setuptools and a C compiler; the sources stay as they are, and the program runs without.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "filters" / "myco_filters"
MODULES = (
    *("request", "hosts", "tokens", "buckets", "index", "conditions", "candidates", "engine"),
    *("gate", "pattern", "origin"),
)
SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(
    name="myco-filters-compiled",
    ext_modules=mypycify(["--ignore-missing-imports", "--strict", *{files!r}], opt_level="3"),
)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    shutil.copytree(PACKAGE, out / "myco_filters", ignore=shutil.ignore_patterns("__pycache__"))
    files = [f"myco_filters/{name}.py" for name in MODULES]
    (out / "setup.py").write_text(SETUP.format(files=files), encoding="utf-8")
    subprocess.run([sys.executable, "setup.py", "build_ext", "--inplace"], cwd=out, check=True)


if __name__ == "__main__":
    main()
