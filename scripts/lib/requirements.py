"""Prints what pyproject.toml requires, one a line: `requirements.py run|test PYPROJECT`.

pip can install a project's requirements only together with the project; the scripts run the
sources as they lie there.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path


def requirements(what: str, pyproject: dict[str, dict[str, list[str]]]) -> list[str]:
    """For running; for testing also the tools, and what builds the wheel."""
    project = pyproject["project"]
    if what == "run":
        return project["dependencies"]
    extras: dict[str, list[str]] = pyproject["project"]["optional-dependencies"]  # type: ignore[assignment]
    return [*project["dependencies"], *extras["dev"], *pyproject["build-system"]["requires"]]


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1], tomllib.loads(Path(sys.argv[2]).read_text()))))
