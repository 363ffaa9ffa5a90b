"""Configurations from what users have: a file, a folder or a zip of many, a picture of a QR code.

Everything is read before anything is kept, within bounds, and nothing is ever written where an
archive says.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from myco_vpn.wireguard.parse import (
    MAX_CHARACTERS,
    Cause,
    Parsed,
    Problem,
    Rejected,
    parse,
    parse_bytes,
)

MAX_FILES = 2000
_MAX_ARCHIVE = 64 * 1024 * 1024
_MAX_PICTURE = 32 * 1024 * 1024
_MAX_PIXELS = 50_000_000
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")


@dataclass(frozen=True, slots=True)
class Found:
    """One configuration that can be kept."""

    name: str
    """What it may be called: the file's name without its ending."""
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Source:
    """What a path held; it is good when there are no problems and something was found."""

    found: tuple[Found, ...]
    problems: tuple[Problem, ...]


def read_text(text: str, name: str, needs_secrets: bool = True) -> Source:
    """What was pasted, or stood in a QR code."""
    return _source([(name, parse(text, name, needs_secrets))])


def read_path(path: Path, needs_secrets: bool = True) -> Source:
    """A file, a folder (its *.conf, not deeper), a zip, or a picture."""
    try:
        if path.is_dir():
            files = sorted(entry for entry in path.iterdir() if entry.suffix.lower() == ".conf")
            return _source(_read_file(entry, needs_secrets) for entry in files[:MAX_FILES])
        if path.suffix.lower() in _PICTURES:
            return read_picture(_bounded(path, _MAX_PICTURE), path.name)
        if zipfile.is_zipfile(path):
            return read_zip(_bounded(path, _MAX_ARCHIVE), path.name)
        return _source([_read_file(path, needs_secrets)])
    except OSError as error:
        return _failed(path.name, Cause.NOT_TEXT, error.strerror or str(error))


def read_zip(payload: bytes, file: str) -> Source:
    """Every *.conf in an archive, in whichever of its folders."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return _source(_members(archive, file))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, zlib.error) as error:
        return _failed(file, Cause.NOT_TEXT, f"the archive cannot be read: {error}")
    except RuntimeError:  # what zipfile raises for a password
        return _failed(file, Cause.NOT_TEXT, "the archive wants a password")


def read_picture(payload: bytes, file: str) -> Source:
    """The QR code in a picture."""
    # Loaded here: they are large, and most never read a picture.
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(payload)) as image:
            if image.width * image.height > _MAX_PIXELS:
                return _failed(file, Cause.TOO_LONG, "the picture is too large")
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        return _failed(file, Cause.NOT_TEXT, f"the picture cannot be read: {error}")
    codes = zxingcpp.read_barcodes(grey)
    texts = [code.text for code in codes if "[interface]" in code.text.lower()]
    if not texts:
        return _failed(file, Cause.NO_INTERFACE, "no QR code with a configuration in the picture")
    return _source((file, parse(text, file)) for text in texts)


def _read_file(path: Path, needs_secrets: bool) -> tuple[str, Parsed | Rejected]:
    payload = _bounded(path, 4 * MAX_CHARACTERS)
    return path.name, parse_bytes(payload, path.name, needs_secrets)


def _bounded(path: Path, most: int) -> bytes:
    with open(path, "rb") as file:
        payload = file.read(most + 1)
    if len(payload) > most:
        raise OSError(None, "the file is too long")
    return payload


def _members(archive: zipfile.ZipFile, file: str) -> Iterator[tuple[str, Parsed | Rejected]]:
    count = 0
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename).name
        if entry.is_dir() or not name.lower().endswith(".conf") or name.startswith("._"):
            continue
        count += 1
        if count > MAX_FILES:
            problem = Problem(file, 1, Cause.TOO_LONG, f"more than {MAX_FILES} files")
            yield file, Rejected((problem,))
            return
        with archive.open(entry) as member:
            # What the archive says of a length is not believed.
            payload = member.read(4 * MAX_CHARACTERS + 1)
        yield name, parse_bytes(payload, f"{file}/{name}")


def _source(
    read: Iterator[tuple[str, Parsed | Rejected]] | list[tuple[str, Parsed | Rejected]],
) -> Source:
    found: list[Found] = []
    problems: list[Problem] = []
    for name, outcome in read:
        match outcome:
            case Parsed():
                found.append(Found(_stem(name), outcome))
            case Rejected():
                problems += outcome.problems
    if not found and not problems:
        problems = [Problem("", 1, Cause.NO_INTERFACE, "no *.conf file was found")]
    return Source(tuple(found), tuple(problems))


def _failed(file: str, cause: Cause, detail: str) -> Source:
    return Source((), (Problem(file, 1, cause, detail),))


def _stem(name: str) -> str:
    return PurePosixPath(name).stem or name
