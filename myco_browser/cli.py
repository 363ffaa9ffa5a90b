"""The command line: words in, options out. Light, because it runs before the hand-over.

What is no option is a URL, a file, or text for the address bar; after `--` everything is, so that
a link which begins with a dash can never become an option.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse

LOG_LEVELS = ("debug", "info", "warning", "error")
LANGUAGES = ("en", "fr")


class Options(NamedTuple):
    """What the command line asks for; paths are absolute."""

    urls: tuple[str, ...] = ()
    private: bool = False
    new_window: bool = False
    profile: str | None = None
    temp_profile: bool = False
    version: bool = False
    language: str | None = None
    log_level: str = "warning"
    host_map: str | None = None
    seal: bool = True
    self_test: bool = False
    json: bool = False
    desktop: str | None = None
    """What to do with the desktop's menu: "install" or "remove"."""


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line. Exits with a message when it cannot be read."""
    if not any(word.startswith("-") for word in arguments):
        # Most starts; they need not wait for what reads options.
        return Options(urls=tuple(as_url(word, os.getcwd()) for word in arguments))
    parser = _parser()
    words = parser.parse_args(arguments)
    if words.json and not words.self_test:
        parser.error("--json goes with --self-test")
    return Options(
        urls=tuple(as_url(word, os.getcwd()) for word in words.url),
        private=words.private,
        new_window=words.new_window,
        profile=os.path.abspath(words.profile) if words.profile else None,
        temp_profile=words.temp_profile,
        version=words.version,
        language=words.lang,
        log_level=words.log_level,
        host_map=os.path.abspath(words.host_map) if words.host_map else None,
        seal=not words.no_seal,
        self_test=words.self_test,
        json=words.json,
        desktop=words.desktop,
    )


def as_url(word: str, folder: str) -> str:
    """`word` as the address bar shall get it: a file named relative to `folder` becomes file://.

    Everything else is left as it is; the address bar knows what is an address and what a search.
    """
    is_path = word.startswith(("/", "./", "../"))
    if not is_path and "://" in word:
        return word
    path = os.path.normpath(os.path.join(folder, word))
    if not word or "\0" in word or not (is_path or os.path.exists(path)):
        return word
    from urllib.parse import quote  # only when there is a file: it is slow to load

    return "file://" + quote(os.fsencode(path))


def _parser() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="myco-browser",
        description="A private web browser. With an instance running for the same profile, "
        "the URLs are opened there.",
        allow_abbrev=False,
    )
    parser.add_argument("url", nargs="*", metavar="URL", help="an address or a file to open")
    parser.add_argument("--private", action="store_true", help="open in a new private session")
    parser.add_argument("--new-window", action="store_true", help="open in a new window")
    places = parser.add_mutually_exclusive_group()
    places.add_argument("--profile", metavar="DIR", help="keep the everyday session in DIR")
    places.add_argument(
        "--temp-profile",
        action="store_true",
        help="start with an empty profile that is removed at the end",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the browser's own texts")
    parser.add_argument("--version", action="store_true", help="show all versions and exit")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="try out on this machine what sites can know, without a window; the exit status is "
        "0 if all passed, 1 if something failed, 2 if it could not be run",
    )
    parser.add_argument("--json", action="store_true", help="with --self-test: print JSON")
    menu = parser.add_mutually_exclusive_group()
    menu.add_argument(
        "--install-desktop",
        dest="desktop",
        action="store_const",
        const="install",
        help="put Myco into the menu of your desktop, and exit",
    )
    menu.add_argument(
        "--remove-desktop",
        dest="desktop",
        action="store_const",
        const="remove",
        help="take it out of the menu again, and exit",
    )
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="warning")
    developers = parser.add_argument_group("for developers")
    developers.add_argument(
        "--host-map",
        metavar="FILE",
        help="lines 'name[:port] address:port' that the door uses instead of a look-up; "
        "'*.example' stands for every name that ends so",
    )
    developers.add_argument(
        "--no-seal",
        action="store_true",
        help="leave sessions on the host's network (they still use the door)",
    )
    return parser
