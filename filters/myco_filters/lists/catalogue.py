"""The lists that the browser offers, with their official addresses."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

LINKS = "base-links"
"""The id of our own list of tracking words and redirect links, which comes with the program."""
LINKS_TITLE = "Myco base – clean links"

_EASYLIST_LICENCE = "GPL-3.0-or-later or CC-BY-SA-3.0-or-later"
_UBO = "https://ublockorigin.github.io/uAssetsCDN/filters/"
_UBO_MIRROR = "https://ublockorigin.pages.dev/filters/"
_UBO_HOME = "https://github.com/uBlockOrigin/uAssets"


class ListKind(Enum):
    """What a list is against."""

    ADS = "ads"
    PRIVACY = "privacy"
    MALWARE = "malware"
    ANNOYANCES = "annoyances"
    COOKIES = "cookies"
    REGIONAL = "regional"
    COMPATIBILITY = "compatibility"
    OWN = "own"


class Subscription(NamedTuple):
    """A list to be fetched. ``urls`` are tried in order."""

    id: str
    title: str
    urls: tuple[str, ...]
    kind: ListKind
    licence: str
    homepage: str
    default: bool = True
    languages: frozenset[str] = frozenset()
    """On by default only where the user reads one of these languages (ISO 639-1)."""
    strict: bool = False
    """Bare hosts of this list refuse whole pages as well."""


def _regional(name: str, title: str, file: str, *languages: str) -> Subscription:
    return Subscription(
        name,
        title,
        ("https://easylist-downloads.adblockplus.org/" + file,),
        ListKind.REGIONAL,
        _EASYLIST_LICENCE,
        "https://easylist.to/pages/other-supplementary-filter-lists-and-easylist-variants.html",
        languages=frozenset(languages),
    )


def _ubo(name: str, title: str, kind: ListKind) -> Subscription:
    file = f"{name}.min.txt"
    urls = (_UBO + file, _UBO_MIRROR + file)
    return Subscription(f"ublock-{name}", title, urls, kind, "GPL-3.0", _UBO_HOME)


CATALOGUE: tuple[Subscription, ...] = (
    Subscription(
        "easylist",
        "EasyList",
        (
            "https://easylist.to/easylist/easylist.txt",
            "https://easylist-downloads.adblockplus.org/easylist.txt",
        ),
        ListKind.ADS,
        _EASYLIST_LICENCE,
        "https://easylist.to/",
    ),
    Subscription(
        "easyprivacy",
        "EasyPrivacy",
        (
            "https://easylist.to/easylist/easyprivacy.txt",
            "https://easylist-downloads.adblockplus.org/easyprivacy.txt",
        ),
        ListKind.PRIVACY,
        _EASYLIST_LICENCE,
        "https://easylist.to/",
    ),
    _ubo("filters", "uBlock filters", ListKind.ADS),
    _ubo("privacy", "uBlock filters – Privacy", ListKind.PRIVACY),
    _ubo("badware", "uBlock filters – Badware risks", ListKind.MALWARE),
    _ubo("unbreak", "uBlock filters – Unbreak", ListKind.COMPATIBILITY),
    _ubo("quick-fixes", "uBlock filters – Quick fixes", ListKind.ADS),
    Subscription(
        "peter-lowe",
        "Peter Lowe’s ad and tracking server list",
        (
            "https://pgl.yoyo.org/adservers/serverlist.php"
            "?hostformat=adblockplus&showintro=1&mimetype=plaintext",
        ),
        ListKind.ADS,
        "McRae GPL (list’s own)",
        "https://pgl.yoyo.org/adservers/",
    ),
    Subscription(
        "urlhaus",
        "Online Malicious URL Blocklist (URLhaus)",
        (
            "https://malware-filter.gitlab.io/urlhaus-filter/urlhaus-filter-ag-online.txt",
            "https://malware-filter.pages.dev/urlhaus-filter-ag-online.txt",
        ),
        ListKind.MALWARE,
        "CC0-1.0 and MIT",
        "https://gitlab.com/malware-filter/urlhaus-filter",
        strict=True,
    ),
    Subscription(
        "liste-fr",
        "Liste FR",
        (
            "https://easylist-downloads.adblockplus.org/liste_fr.txt",
            "https://raw.githubusercontent.com/easylist/listefr/master/liste_fr.txt",
        ),
        ListKind.REGIONAL,
        "CC-BY-SA-3.0",
        "https://github.com/easylist/listefr",
        languages=frozenset({"fr"}),
    ),
    _regional("easylist-de", "EasyList Germany", "easylistgermany.txt", "de"),
    _regional("easylist-it", "EasyList Italy", "easylistitaly.txt", "it"),
    _regional("easylist-nl", "EasyList Dutch", "easylistdutch.txt", "nl"),
    _regional("easylist-es", "EasyList Spanish", "easylistspanish.txt", "es"),
    _regional("easylist-pt", "EasyList Portuguese", "easylistportuguese.txt", "pt"),
    _regional("easylist-zh", "EasyList China", "easylistchina.txt", "zh"),
    _regional("liste-ar", "Liste AR", "Liste_AR.txt", "ar"),
    _regional("adlist-ru", "RU AdList", "advblock.txt", "ru", "uk", "be"),
    Subscription(
        "fanboy-annoyances",
        "Fanboy’s Annoyance List",
        (
            "https://secure.fanboy.co.nz/fanboy-annoyance.txt",
            "https://easylist-downloads.adblockplus.org/fanboy-annoyance.txt",
        ),
        ListKind.ANNOYANCES,
        _EASYLIST_LICENCE,
        "https://easylist.to/",
        default=False,
    ),
    Subscription(
        "easylist-cookies",
        "EasyList Cookie List",
        ("https://secure.fanboy.co.nz/fanboy-cookiemonster.txt",),
        ListKind.COOKIES,
        _EASYLIST_LICENCE,
        "https://easylist.to/",
        default=False,
    ),
)

# Our own lists, which come with the program.
_BASE_KINDS = {
    "base-ads": ListKind.ADS,
    "base-trackers": ListKind.PRIVACY,
    "base-annoyances": ListKind.ANNOYANCES,
}


def links_path() -> Path:
    """The file of our own list LINKS."""
    return Path(__file__).parent.parent / "base" / "links.txt"


def by_id(identifier: str) -> Subscription | None:
    """The subscription of that id, if the catalogue has one."""
    return next((one for one in CATALOGUE if one.id == identifier), None)


def kind_of(identifier: str) -> ListKind:
    """What a list is against; lists that nobody knows here are the user's own."""
    known = by_id(identifier)
    return known.kind if known is not None else _BASE_KINDS.get(identifier, ListKind.OWN)


def default_ids(languages: frozenset[str] | set[str]) -> tuple[str, ...]:
    """The lists that are on when the user chose nothing; languages as ``fr`` or ``fr_CA``."""
    spoken = {language.replace("-", "_").split("_")[0].lower() for language in languages}
    return tuple(
        one.id for one in CATALOGUE if one.default and (not one.languages or one.languages & spoken)
    )
