"""Icons, style sheets, internal pages and translations, read from the installed package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def read_icon(name: str) -> str:
    """The SVG text of one icon; its strokes are `currentColor`, to be tinted by the caller.

    Raises FileNotFoundError for a name that is not there.
    """
    return files(__name__).joinpath("icons", f"{name}.svg").read_text("utf-8")


@cache
def read_style(name: str) -> str:
    """The text of one style sheet template."""
    return files(__name__).joinpath("styles", name).read_text("utf-8")


def style_path(name: str) -> str:
    """The path of a file beside the style sheets, for `url(...)` in them."""
    return str(files(__name__).joinpath("styles", name))


@cache
def read_page(name: str) -> str:
    """The HTML template of one internal page."""
    return files(__name__).joinpath("pages", name).read_text("utf-8")


@cache
def read_script(name: str) -> str:
    """The text of one page script."""
    return files(__name__).joinpath("scripts", name).read_text("utf-8")


@cache
def read_self_test(name: str) -> str:
    """The text of one script that the pages of the self-test run."""
    return files(__name__).joinpath("selftest", name).read_text("utf-8")


def fonts_path(name: str) -> str:
    """The path of a fontconfig file that draws pages alike on every machine."""
    return str(files(__name__).joinpath("fonts", name))


def locale_directory() -> Path:
    """The folder with `LANG/LC_MESSAGES/myco.mo`, for `gettext`."""
    return Path(str(files(__name__).joinpath("locale")))
