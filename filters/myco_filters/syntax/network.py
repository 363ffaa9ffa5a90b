"""Network filters: from one line to a value that says what it matches and what it does.

The syntax is that of Adblock Plus and uBlock Origin. Matching is elsewhere; here is only meaning.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from myco_filters import masks
from myco_filters.lazy import lazy_pattern
from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.options import is_plain_list, plain_options, split_names, split_options

LINE_LIMIT = 32_768
# Letters, digits, "_" and all beyond ASCII: a negated class compiles a hundred times as fast.
_LETTER = r"[^\x00-/:-^`{-\xa0]"
_LABEL = rf"{_LETTER}(?:[^\x00-,./:-^`{{-\xa0]*{_LETTER})?"
HOST = lazy_pattern(rf"(?:{_LABEL}\.)*{_LABEL}")
# A host name or an address, and nothing else.
BARE_HOST = r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z0-9-]*[a-z][a-z0-9-]*|[0-9]+)"
_BARE_HOST = lazy_pattern(BARE_HOST)
_PLAIN_NAMES = lazy_pattern(r"[a-z0-9_.*-]+(?:\|[a-z0-9_.*-]+)*")
_NAME = lazy_pattern(r"[^\x00-),+/;-Z\\^`{-\xa0]+")


class Action(Enum):
    """What a filter does. Each action but BLOCK is asked for on an occasion of its own."""

    BLOCK = "block"
    REDIRECT_RULE = "redirect"
    REMOVE_PARAM = "removeparam"
    CSP = "csp"
    PERMISSIONS = "permissions"
    URL_SKIP = "urlskip"
    URI_TRANSFORM = "uritransform"
    ADDRESS = "ipaddress"
    """Asked with the address that the host was resolved to."""
    ALIAS = "cname"
    """Exceptions from looking at the host's canonical name."""
    PAGE = "page"
    """Switches of a page's cosmetic filtering: elemhide, generichide, specifichide."""


class Names(NamedTuple):
    """One ``a|~b|c.*|/re/`` list, split by what its members do."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    include_regex: tuple[str, ...] = ()
    exclude_regex: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the list restricts nothing."""
        return not (self.include or self.exclude or self.include_regex or self.exclude_regex)


NO_NAMES = Names()


Option = tuple[bool, str, "str | None"]
"""(negated, name, value)"""
_NOBODY: frozenset[str] = frozenset()


class NetworkFilter:
    """One network filter. Built once by :func:`parse_network` and not changed afterwards."""

    # Most filters differ from these in little, and tens of thousands are made of a list.
    mask: int = masks.DEFAULT
    important: bool = False
    badfilter: bool = False
    match_case: bool = False
    strict_party: int = 0
    domains: Names = NO_NAMES
    to: Names = NO_NAMES
    top: Names = NO_NAMES
    denyallow: frozenset[str] = _NOBODY
    methods: frozenset[str] = _NOBODY
    not_methods: frozenset[str] = _NOBODY
    action: Action = Action.BLOCK
    value: str = ""
    """The resource, parameter, policy … of the action."""
    also_blocks: bool = False
    """``redirect=`` blocks as well; ``redirect-rule=`` waits for another filter to block."""
    page_flags: frozenset[str] = _NOBODY
    options: tuple[Option, ...] = ()

    def __init__(self, raw: str, pattern: str, exception: bool, is_bare: bool) -> None:
        self.raw: Final = raw
        self.pattern: Final = pattern
        self.exception: Final = exception
        self.is_bare: Final = is_bare
        """Whether the line was nothing but a host."""

    def mean(self, other: NetworkFilter) -> None:
        """Take over what the options of another filter mean."""
        self.mask = other.mask
        self.important = other.important
        self.badfilter = other.badfilter
        self.match_case = other.match_case
        self.strict_party = other.strict_party
        self.domains = other.domains
        self.to = other.to
        self.top = other.top
        self.denyallow = other.denyallow
        self.methods = other.methods
        self.not_methods = other.not_methods
        self.action = other.action
        self.value = other.value
        self.also_blocks = other.also_blocks
        self.page_flags = other.page_flags
        self.options = other.options

    @property
    def is_regex(self) -> bool:
        """Whether the pattern is ``/…/``."""
        return self.pattern[:1] == "/" == self.pattern[-1:] and len(self.pattern) > 2

    @property
    def parameter(self) -> str:
        """The one query parameter that this filter removes, if it names exactly one."""
        if self.action is not Action.REMOVE_PARAM or self.value[:1] in ("~", "/"):
            return ""
        return self.value

    @property
    def is_plain(self) -> bool:
        """Whether type and party are all the options there are."""
        return (
            self.action is Action.BLOCK
            and not (self.important or self.match_case or self.strict_party or self.denyallow)
            and not (self.methods or self.not_methods or self.page_flags)
            and self.domains is NO_NAMES
            and self.to is NO_NAMES
            and self.top is NO_NAMES
        )


Known = dict[tuple[bool, str], NetworkFilter]
"""Filters by whether they are exceptions and by their options as written."""


class _RefusedError(Exception):
    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


def parse_network(raw: str, known: Known | None = None) -> NetworkFilter | Unsupported:
    """Read one line that is neither comment nor cosmetic. Never raises.

    Lines of a list often end in the same options, but for the sites: what those mean is kept in
    `known`.
    """
    if len(raw) > LINE_LIMIT:
        return Unsupported(raw[:200], Cause.TOO_LONG)
    exception = raw[:2] == "@@"
    line = raw[2:] if exception else raw
    at = line.rfind("$")
    if at < 0:
        return _without_options(raw, line, exception)
    if known is not None:
        made = NetworkFilter(raw, line[:at].strip(), exception, False)
        if _take_known(made, line[at + 1 :], known):
            return _checked(made)
    pattern, options = split_options(line)
    bare = "" if options or exception else bare_host(pattern)
    made = NetworkFilter(raw, bare or pattern.strip(), exception, bool(bare))
    try:
        _apply(made, options)
    except _RefusedError as refused:
        return Unsupported(raw, refused.cause, refused.detail)
    return _checked(made)


def _take_known(made: NetworkFilter, written: str, known: Known) -> bool:
    """Read options, those without ``domain=`` once for all; false when they are unusual."""
    words = written.split(",")
    sites = [word for word in words if word[:7] == "domain="]
    if len(sites) == 1 and "/" not in sites[0] and "\\" not in sites[0]:
        words.remove(sites[0])
        written = ",".join(words)
    else:
        sites = []
    meant = known.get((made.exception, written))
    try:
        if meant is None:
            if written and not is_plain_list(written):
                return False
            meant = NetworkFilter("", "", made.exception, False)
            _apply(meant, plain_options(words))
            known[made.exception, written] = meant
        made.mean(meant)
        if sites:
            value = sites[0][7:]
            made.domains = _names(value, "domain")
            made.options = (*meant.options, (False, "domain", value))
    except _RefusedError:
        return False
    return True


def _without_options(raw: str, line: str, exception: bool) -> NetworkFilter | Unsupported:
    # Most such lines are parts of paths, and begin as no host does.
    bare = "" if exception or line[:1] in "/-&?.=|*@%+" else bare_host(line)
    return _checked(NetworkFilter(raw, bare or line.strip(), exception, bool(bare)))


def bare_host(line: str) -> str:
    """``||host^`` for a line that is a host name, an address or a hosts-file entry, else empty."""
    words = line.split("#", 1)[0].split()
    if len(words) == 2 and words[0] in _HOSTS_FILE:
        host = words[1].lower()
        return f"||{host}^" if host not in _HOSTS_FILE_OWN and HOST.fullmatch(host) else ""
    if len(words) == 1 and _BARE_HOST.fullmatch(line):
        return f"||{line}^"
    return ""


_HOSTS_FILE = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 - text of lists
_HOSTS_FILE_OWN = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost"})
_IGNORED = frozenset({"reason"})
_RESPONSE = frozenset({"header", "replace", "responseheader", "jsonprune", "hls", "xmlprune"})
_PAGE_FLAGS = frozenset({"elemhide", "generichide", "specifichide"})
_SIMPLE_RESOURCES = {"empty": "noop.txt", "mp4": "noop-1s.mp4"}
_ABP_RESOURCES = {
    "blank-text": "noop.txt",
    "blank-css": "noop.css",
    "blank-js": "noop.js",
    "blank-html": "noop.html",
    "blank-mp3": "noop-0.1s.mp3",
    "blank-mp4": "noop-1s.mp4",
    "1x1-transparent-gif": "1x1.gif",
    "2x2-transparent-png": "2x2.png",
    "3x2-transparent-png": "3x2.png",
    "32x32-transparent-png": "32x32.png",
}
_MAY_BE_EMPTY = frozenset({"removeparam", "cname"})
_WITH_VALUE = {
    "removeparam": Action.REMOVE_PARAM,
    "csp": Action.CSP,
    "permissions": Action.PERMISSIONS,
    "urlskip": Action.URL_SKIP,
    "uritransform": Action.URI_TRANSFORM,
    "ipaddress": Action.ADDRESS,
    "cname": Action.ALIAS,
}


def _apply(made: NetworkFilter, options: list[Option]) -> None:
    chosen = refused_types = 0
    party = masks.EVERY
    kept: list[Option] = []
    for negated, written, value in options:
        name = masks.ALIASES.get(written, written)
        if name in _IGNORED or not name.strip("_"):
            continue
        kept.append((negated, name, value))
        types = masks.TYPES.get(name)
        if types is not None and value is None:
            if negated:
                refused_types |= types
            else:
                chosen |= types
        elif name == "all":
            chosen |= masks.ALL
        elif name in ("third-party", "first-party"):
            wants_third = (name == "third-party") is not negated
            party &= masks.THIRD if wants_third else masks.FIRST
        elif name in _SIMPLE_RESOURCES:
            _redirect(made, _SIMPLE_RESOURCES[name], "redirect")
            if name == "mp4":
                chosen |= masks.TYPES["media"]
        elif name in _PAGE_FLAGS and value is None:
            made.page_flags |= {name}
        else:
            _apply_one(made, negated, name, value)
    made.options = tuple(kept)
    made.mask = _mask(made, chosen, refused_types) & party
    if made.strict_party:
        made.mask &= masks.FIRST if made.strict_party == 1 else masks.EVERY


def _mask(made: NetworkFilter, chosen: int, refused: int) -> int:
    if made.page_flags:
        made.action = Action.PAGE
        return masks.PAGES
    if chosen:
        return chosen & ~refused
    if made.action in (Action.CSP, Action.PERMISSIONS):
        return masks.PAGES & ~refused
    if made.action in (Action.REMOVE_PARAM, Action.URL_SKIP, Action.URI_TRANSFORM, Action.ALIAS):
        return masks.WITH_PAGES & ~refused
    return masks.DEFAULT & ~refused


def _apply_one(made: NetworkFilter, negated: bool, name: str, value: str | None) -> None:
    match name:
        case "important" | "badfilter" | "match-case" if not negated and value is None:
            setattr(made, name.replace("-", "_"), True)
        case "strict1p":
            made.strict_party = 3 if negated else 1
        case "strict3p":
            made.strict_party = 1 if negated else 3
        case "domain":
            made.domains = _names(value, name)
        case "to" | "top":
            setattr(made, name, _names(value, name))
        case "denyallow":
            made.denyallow = _names(value, name).include
        case "method":
            _methods(made, value)
        case "redirect" | "redirect-rule" | "rewrite":
            _redirect(made, value, name)
        case _ if name in _WITH_VALUE:
            made.action = _WITH_VALUE[name]
            made.value = value or ""
            if not value and not made.exception and name not in _MAY_BE_EMPTY:
                raise _RefusedError(Cause.BAD_VALUE, name)
            if value and made.action is Action.PERMISSIONS and not made.exception:
                _check_policy(value)
        case _:
            raise _RefusedError(_cause_of(name), name)


def _check_policy(value: str) -> None:
    from myco_filters.syntax.permissions import read_policy, without_effect  # few filters need it

    policy = read_policy(value)
    if not policy:
        raise _RefusedError(Cause.BAD_VALUE, "permissions")
    if vain := list(without_effect(policy)):
        raise _RefusedError(Cause.NEEDS_RESPONSE, f"permissions={vain[0]}")


def _cause_of(name: str) -> Cause:
    if name in _RESPONSE:
        return Cause.NEEDS_RESPONSE
    return Cause.NEEDS_REQUEST_HEADER if name == "requestheader" else Cause.UNKNOWN_OPTION


def _names(value: str | None, option: str) -> Names:
    if value and _PLAIN_NAMES.fullmatch(value):
        # Lists of a thousand hosts occur: they are checked at once.
        return Names(frozenset(value.split("|")))
    found: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for member in split_names(value) if value else []:
        excluded = member.startswith("~")
        name = member[1:] if excluded else member
        if name[:1] == "/":
            found[2 + excluded].append(name[1:-1])
        elif name and _NAME.fullmatch(name):
            found[excluded].append(_ascii(name))
    if not any(found):
        raise _RefusedError(Cause.BAD_VALUE, option)
    return Names(frozenset(found[0]), frozenset(found[1]), tuple(found[2]), tuple(found[3]))


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _methods(made: NetworkFilter, value: str | None) -> None:
    members = [member for member in (value or "").lower().split("|") if member.strip("~")]
    if not members:
        raise _RefusedError(Cause.BAD_VALUE, "method")
    made.methods = frozenset(m for m in members if m[0] != "~")
    made.not_methods = frozenset(m[1:] for m in members if m[0] == "~")


def _redirect(made: NetworkFilter, value: str | None, option: str) -> None:
    resource = (value or "").removeprefix("abp-resource:")
    if not resource and not made.exception:
        raise _RefusedError(Cause.BAD_VALUE, option)
    made.action = Action.REDIRECT_RULE
    made.value = _ABP_RESOURCES.get(resource, resource)
    made.also_blocks = option != "redirect-rule"


def _checked(made: NetworkFilter) -> NetworkFilter | Unsupported:
    if not made.mask:
        return Unsupported(made.raw, Cause.NO_TYPES_LEFT)
    if not made.pattern.strip("*|^") and not made.options:
        return Unsupported(made.raw, Cause.EMPTY_PATTERN)
    return made
