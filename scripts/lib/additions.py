"""Fetches or makes what Myco uses and does not ship: `additions.py reader|dictionaries FOLDER`.

The packages are those of the npm registry (or of $npm_config_registry), pinned by version and by
the hash that the registry publishes for them: what does not fit is thrown away. No npm is needed.

Dictionaries are made from those of Debian's packages hunspell-*, by the tool of its package
qt6-webengine-dev-tools: the engine reads a format of its own.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

_REGISTRY = "https://registry.npmjs.org"
_MOST = 16 * 1024 * 1024
_PATIENCE_S = 60
_HUNSPELL = Path("/usr/share/hunspell")
_CONVERTERS = (
    "/usr/lib/qt6/libexec/qwebengine_convert_dict",
    "/usr/lib/qt6/bin/qwebengine_convert_dict",
    "/usr/libexec/qt6/qwebengine_convert_dict",
)
_DICTIONARIES = {"fr-FR": "fr", "en-US": "en_US", "en-GB": "en_GB"}


class Package(NamedTuple):
    """One package; `files` are those to keep, from their place in it."""

    name: str
    version: str
    sha512: str
    files: tuple[str, ...]


READER = (
    Package(
        "@mozilla/readability",
        "0.6.0",
        "juG5VWh4qAivzTAeMzvY9xs9HY5rAcr2E4I7tiSSCokRFi7XIZCAu92ZkSTsIj1OPceCifL3cpfteP3pDT9/QQ==",
        ("Readability.js", "Readability-readerable.js", "LICENSE.md"),
    ),
    Package(
        "dompurify",
        "3.4.18",
        "ofe3wI/uNm68HInABYFJYqQxRw1EaKAjNdrFVKqjUY+UZurvNd2L/HuQe097s/4RivWiZyP6tT7aoT8atjfhwg==",
        ("dist/purify.min.js", "LICENSE"),
    ),
)


class WrongContentError(Exception):
    """What came is not the package that was pinned."""


def fetch(package: Package) -> bytes:
    """The package, checked. Raises OSError and WrongContentError."""
    registry = os.environ.get("npm_config_registry", "").rstrip("/") or _REGISTRY  # noqa: SIM112
    if not registry.startswith("https://"):
        raise WrongContentError(f"{registry} is no https address")
    file = f"{package.name.rpartition('/')[2]}-{package.version}.tgz"
    url = f"{registry}/{package.name}/-/{file}"
    with urllib.request.urlopen(url, timeout=_PATIENCE_S) as answer:  # noqa: S310 - https, above
        content: bytes = answer.read(_MOST)
    check(package, content)
    return content


def check(package: Package, content: bytes) -> None:
    """Raises WrongContentError unless this is the package."""
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != package.sha512:
        raise WrongContentError(f"{package.name} {package.version} is not what it should be")


def unpack(package: Package, content: bytes, folder: Path) -> None:
    """Writes the package's files into `folder`; licences get the package's name."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise WrongContentError(f"{package.name} has no {name}")
            plain = name.rpartition("/")[2]
            if plain.startswith("LICENSE"):
                plain = f"{package.name.rpartition('/')[2]}-{plain}"
            (folder / plain).write_bytes(member.read())


def fetch_reader(folder: Path) -> None:
    """Fills `folder` with what the reader needs: all of it, or nothing."""
    fresh = folder.with_name(f"{folder.name}.new")
    fresh.mkdir(mode=0o755, parents=True, exist_ok=True)
    for package in READER:
        unpack(package, fetch(package), fresh)
    (fresh / "versions").write_text("".join(f"{p.name} {p.version}\n" for p in READER))
    if folder.exists():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    fresh.rename(folder)


def make_dictionaries(folder: Path) -> None:
    """Fills `folder` with the dictionaries that can be made here. Raises OSError without any."""
    tool = next(filter(os.path.exists, _CONVERTERS), None)
    if tool is None:
        raise FileNotFoundError("qwebengine_convert_dict (package qt6-webengine-dev-tools)")
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    for name, source in _DICTIONARIES.items():
        files = [_HUNSPELL / f"{source}{ending}" for ending in (".dic", ".aff")]
        target = folder / f"{name}.bdic"
        if target.exists() or not all(file.exists() for file in files):
            continue
        fresh = folder / f"{name}.new"
        # The tool finds the rules beside the words, by the same name.
        made = subprocess.run([tool, files[0], fresh], capture_output=True, check=False)
        if made.returncode == 0:
            fresh.rename(target)
    if not any(folder.iterdir()):
        raise FileNotFoundError("dictionaries (packages hunspell-fr, hunspell-en-us)")


def is_current(folder: Path) -> bool:
    """Whether `folder` holds the pinned versions."""
    try:
        text = (folder / "versions").read_text()
    except OSError:
        return False
    return text == "".join(f"{p.name} {p.version}\n" for p in READER)


def main(what: str, folder: Path) -> None:
    """Does one of the two, unless it was done. Raises what they raise."""
    match what:
        case "reader":
            if not is_current(folder):
                fetch_reader(folder)
        case "dictionaries":
            make_dictionaries(folder)
        case _:
            raise ValueError("additions.py reader|dictionaries FOLDER")


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except (OSError, ValueError, WrongContentError, tarfile.TarError, KeyError) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
