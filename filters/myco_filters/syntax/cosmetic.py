"""Cosmetic lines: telling them from network filters and taking them apart.

A network filter may contain ``##`` inside a path or an expression, so the separator alone does not
decide: what stands before it must read as a list of domains.

All spellings become one: ``domains##body`` or ``domains#@#body``, where a body is a selector with
procedural operators and an action, or ``+js(…)``. AdGuard's ``#$#selector { … }`` becomes
``selector:style(…)``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.procedural import BodyError, check_body

_SEPARATOR = re.compile(r"#(@?)([?$%]{0,2})#")
_BEFORE = re.compile(r"(?:~?/(?:\\.|[^/])+/|[^\s/|^$=&]*)(?:,(?:~?/(?:\\.|[^/])+/|[^\s/|^$=&]*))*")
# A negated class of a few ranges compiles a hundred times as fast as one up to the last character.
_DOMAIN = re.compile(r"(?:\*|[^\x00-/:-^`{-\xa0][^\x00-,/:-^`{-\xa0]*(?:\.\*)?)(?:>>)?")
_PLAIN_DOMAINS = re.compile(r"[a-z0-9][a-z0-9.-]*(?:,[a-z0-9][a-z0-9.-]*)*")
_DOMAIN_REGEX = re.compile(r"~?/(?:\\.|[^/])+/")
_STYLED = re.compile(r"(.+?)\s*\{([^{}]*)\}\s*", re.DOTALL)
_REMOVE = re.compile(r"\s*remove\s*:\s*true\s*;?\s*", re.IGNORECASE)
LINE_LIMIT = 65_536


class CosmeticFilter(NamedTuple):
    """One cosmetic filter or scriptlet call."""

    body: str
    exception: bool
    include: tuple[str, ...] = ()
    """Hosts, entities (``name.*``), and either with ``>>`` where an ancestor frame is meant."""
    exclude: tuple[str, ...] = ()
    include_regex: tuple[str, ...] = ()
    exclude_regex: tuple[str, ...] = ()

    @property
    def is_generic(self) -> bool:
        """Whether it concerns every site but the excluded ones."""
        return not self.include and not self.include_regex

    @property
    def is_scriptlet(self) -> bool:
        """Whether it calls a scriptlet."""
        return self.body.startswith("+js(")


def find_separator(line: str) -> re.Match[str] | None:
    """The separator of a cosmetic line, or None for a network line."""
    found = _SEPARATOR.search(line)
    if found is None or (found.start() and not _BEFORE.fullmatch(line, 0, found.start())):
        return None
    return found


def parse_cosmetic(line: str) -> CosmeticFilter | Unsupported | None:
    """Read a line; None when it is a network filter. Never raises."""
    separator = find_separator(line) if "#" in line else None
    if separator is None:
        return None
    if len(line) > LINE_LIMIT:
        return Unsupported(line[:200], Cause.TOO_LONG)
    at, marks = bool(separator[1]), separator[2]
    body = line[separator.end() :].strip()
    cause = _refusal(body, marks)
    if cause is not None:
        return Unsupported(line, cause)
    if body.endswith("}"):
        body = _styled(body)
    try:
        check_body(body, is_exception=at)
    except BodyError as error:
        return Unsupported(line, error.cause, error.detail)
    return _with_domains(line, line[: separator.start()], at, body)


def _refusal(body: str, marks: str) -> Cause | None:
    if "%" in marks or body.startswith("script:inject("):
        return Cause.JAVASCRIPT_RULE
    if "$" in marks and not _STYLED.fullmatch(body):
        return Cause.JAVASCRIPT_RULE
    if body.startswith("^responseheader("):
        return Cause.RESPONSE_HEADER_FILTER
    return Cause.HTML_FILTER if body.startswith("^") else None


def _styled(body: str) -> str:
    found = _STYLED.fullmatch(body)
    if found is None:
        return body
    selector, declarations = found.groups()
    if _REMOVE.fullmatch(declarations):
        return f"{selector}:remove()"
    return f"{selector}:style({declarations.strip()})"


def _with_domains(
    line: str, before: str, exception: bool, body: str
) -> CosmeticFilter | Unsupported:
    if not before:
        return CosmeticFilter(body, exception)
    if _PLAIN_DOMAINS.fullmatch(before):
        return CosmeticFilter(body, exception, tuple(before.split(",")))
    lists: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for name in _split_domains(before):
        excluded = name.startswith("~")
        bare = name[1:] if excluded else name
        if _DOMAIN_REGEX.fullmatch(name):
            lists[2 + excluded].append(bare[1:-1])
        elif bare == "*" and not excluded:
            continue
        elif _DOMAIN.fullmatch(bare):
            lists[excluded].append(_ascii(bare))
        else:
            return Unsupported(line, Cause.BAD_DOMAIN, bare[:80])
    include, exclude, include_regex, exclude_regex = map(tuple, lists)
    return CosmeticFilter(body, exception, include, exclude, include_regex, exclude_regex)


def _split_domains(before: str) -> list[str]:
    if "/" not in before:
        return [name.strip().lower() for name in before.split(",") if name.strip()]
    found: list[str] = []
    part = ""
    for piece in before.split(","):
        part = f"{part},{piece}" if part else piece
        if part.removeprefix("~")[:1] == "/" and not _DOMAIN_REGEX.fullmatch(part):
            continue
        found.append(part if "/" in part else part.lower())
        part = ""
    return [*found, part] if part else found


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
