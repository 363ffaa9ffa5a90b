"""The wheel, built from the sources without network and installed by itself, works."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.source_tree import ROOT, modules

from myco_browser import __version__

_SOURCES = ("myco_browser", "filters", "vpn", "resources", "pyproject.toml", "README.md", "LICENSE")
_RESOURCES = ROOT / "resources" / "myco_resources"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("setuptools") is None or importlib.util.find_spec("pip") is None,
    reason="setuptools and pip are needed to build the wheel",
)


def _run(command: list[str | Path], folder: Path) -> str:
    """The output of a command that sees nothing of the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        command, cwd=folder, env={**kept, "PYTHONWARNINGS": "default"}, capture_output=True,
        text=True, check=False, timeout=100,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@dataclass(frozen=True, slots=True)
class Installed:
    """A folder to run in, the wheel, and an environment that has it."""

    folder: Path
    wheel: Path
    environment: Path

    def run(self, command: str, *arguments: str) -> str:
        """The output of one of the installed commands."""
        return _run([self.environment / "bin" / command, *arguments], self.folder)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The wheel in an environment of its own, which borrows only the dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    sources.mkdir()
    for name in _SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, sources / name,
                ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"),
            )  # fmt: skip
        else:
            shutil.copy(ROOT / name, sources / name)
    offline = ["--no-index", "--no-deps", "--quiet", "--disable-pip-version-check"]
    pip: list[str | Path] = [sys.executable, "-m", "pip"]
    _run([*pip, "wheel", "--no-build-isolation", *offline, "-w", folder, sources], folder)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    _run([sys.executable, "-m", "venv", "--without-pip", environment], folder)
    python = environment / "bin" / "python"
    _run([*pip, "--python", python, "install", *offline, wheel], folder)
    borrowed = sysconfig.get_path("purelib")
    packages = environment.joinpath(*Path(borrowed).relative_to(sys.prefix).parts)
    (packages / "borrowed.pth").write_text(f"{borrowed}\n")
    yield Installed(folder, wheel, environment)
    shutil.rmtree(folder)


def test_browser_says_its_versions(installed: Installed) -> None:
    """The command loads the engine and names what it is made of."""
    lines = installed.run("myco-browser", "--version").splitlines()
    assert lines[0] == f"Myco Browser {__version__}"
    assert [line.split()[0] for line in lines[1:3]] == ["PyQt", "QtWebEngine"]
    assert any(line.startswith("Chromium security patches") for line in lines)


def test_commands_have_help(installed: Installed) -> None:
    """Both commands are installed."""
    assert "--private" in installed.run("myco-browser", "--help")
    assert "check" in installed.run("myco-filters", "--help")


def test_filter_command_decides(installed: Installed) -> None:
    """The engine works from the wheel."""
    (installed.folder / "list.txt").write_text("||ads.example^\n")
    (installed.folder / "requests.jsonl").write_text(
        '{"url":"https://ads.example/a.js","source":"https://news.example/","type":"script"}\n'
    )
    answer = installed.run(
        "myco-filters", "check", "--list", "list.txt", "--requests", "requests.jsonl", "--json"
    )
    assert '"block"' in answer


def test_packages_come_from_the_wheel(installed: Installed) -> None:
    """The borrowed dependencies do not bring the checkout with them."""
    code = "import myco_browser, myco_filters, myco_vpn, myco_resources as r; print(r.__file__)"
    places = _run([installed.environment / "bin" / "python", "-P", "-c", code], installed.folder)
    assert str(installed.environment) in places


def test_everything_is_inside(installed: Installed) -> None:
    """Every module, picture, page, style, script, text and base list of the sources."""
    with zipfile.ZipFile(installed.wheel) as archive:
        inside = set(archive.namelist())
    data = {
        f"{base.name}/{path.relative_to(base)}"
        for base, patterns in (
            (_RESOURCES, ("icons/*.svg", "pages/*", "styles/*", "scripts/*.js", "locale/*/*/*.mo")),
            (ROOT / "filters" / "myco_filters", ("base/*.txt",)),
        )
        for pattern in patterns
        for path in base.glob(pattern)
    }
    code = {
        "/".join(module.path.parts[module.path.parts.index(module.name.split(".")[0]) :])
        for module in modules()
    }
    typed = {
        f"{name}/py.typed" for name in ("myco_browser", "myco_filters", "myco_secrets", "myco_vpn")
    }
    assert len(data) > 50
    assert (data | code | typed) - inside == set()


def test_nothing_else_is_inside(installed: Installed) -> None:
    """No tests, no scripts: only the packages and their metadata."""
    with zipfile.ZipFile(installed.wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops - {f"myco_browser-{__version__}.dist-info"} == {
        "myco_browser",
        "myco_filters",
        "myco_secrets",
        "myco_vpn",
        "myco_resources",
    }
