"""Compile the engine's inner modules with mypyc into a copy, to compare both builds.

    python benchmarks/filters/compiled_copy.py OUT
    MYCO_FILTERS_PATH=OUT python benchmarks/filters/engine_speed.py

Needs mypy, setuptools and a C compiler; the sources stay as they are, and the program runs without.
What is compiled, and how a wheel of it is made, stands in setup.py.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "filters" / "myco_filters"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out.resolve()
    ignored = shutil.ignore_patterns("__pycache__")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(PACKAGE, Path(folder) / "filters" / "myco_filters", ignore=ignored)
        shutil.copy(ROOT / "setup.py", folder)
        subprocess.run(
            [sys.executable, "setup.py", "build_ext", "--build-lib", str(out)],
            cwd=folder,
            check=True,
            env={**os.environ, "MYCO_COMPILE": "1"},
        )
    shutil.copytree(PACKAGE, out / "myco_filters", ignore=ignored, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
