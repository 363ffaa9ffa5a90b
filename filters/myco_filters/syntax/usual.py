"""The commonest lines of lists, taken out of a text at once instead of line by line.

Nine of ten lines are ``||host^`` or ``||host/path`` with at most types and a party, or a plain
selector or scriptlet call for plain domains. One expression goes through the text; lines of the
three commonest forms that follow each other are one match, and are told apart by a plain split.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from myco_filters.syntax.cosmetic import CosmeticFilter
from myco_filters.syntax.network import BARE_HOST
from myco_filters.syntax.procedural import USUAL_SELECTOR

_SIMPLE = r"(?:~?third-party|[13]p|all|doc|document|popup|script|image|xhr|subdocument)"
_OPTIONS = rf"\${_SIMPLE}(?:,{_SIMPLE})*"
# Hosts and domains are looked at more closely below.
_HOST = r"[a-z0-9_.-]+"
_DOMAINS = r"[a-z0-9][a-z0-9,.*-]*"
_THIRD_PARTY = "^$third-party"
_LINES = re.compile(
    rf"((?:\|\|{_HOST}\^\n)+)"
    rf"|((?:\|\|{_HOST}{re.escape(_THIRD_PARTY)}\n)+)"
    # A line that begins with four "#" is a comment.
    rf"|((?:##(?!##| ){USUAL_SELECTOR}\n)+)"
    # No usual line begins with one of these.
    r"|((?:[^a-z0-9_|#\n].*\n)+)"
    rf"|\|\|({_HOST})(?:(\^(?:{_OPTIONS})?)|((?:[/:?]|\^[^\s$#])[^\s$#]*(?:{_OPTIONS})?))\n"
    rf"|((?:(?:{_DOMAINS}|)##(?!##| )(?:\+js\((?!\)\n).*\)|{USUAL_SELECTOR})\n)+)"
    rf"|((?:{BARE_HOST}\n)+)"
    r"|(.*)\n",
    re.ASCII,
)
_HOSTS, _GENERIC, _OTHERS, _ONE_HOST, _TAIL, _REST = 1, 3, 4, 5, 6, 7
_SPECIFIC, _BARE, _OTHER = 8, 9, 10
# Where one of these is in host names joined by dots, a label is empty or begins or ends with "-".
_NO_LABELS = ("..", ".-", "-.")
_NOBODY: tuple[str, ...] = ()
_new = tuple.__new__
_NO_DOMAINS = (",,", ",.", ",-", ",*")


class Taken(NamedTuple):
    """The lines that were taken, and the others."""

    hosts: dict[str, list[str]]
    """Hosts by what follows ``||host``; by nothing where the line is the host alone."""
    paths: list[tuple[str, str]]
    """(host, what follows ``||host``)"""
    cosmetic: list[CosmeticFilter]
    others: list[tuple[int, str]]
    """(number, line); empty lines are left out."""


def take_usual(text: str, number: int, carefully: bool = False) -> Taken:
    """Take what is usual out of a text whose lines end with line feeds; the first has a number.

    Hosts and domains are checked all at once; where one is wrong, once more each by itself.
    """
    taken = Taken({}, [], [], [])
    by_tail, paths, _, others = taken
    every_host: list[str] = []
    every_name: list[str] = []
    at = number
    for found in _LINES.finditer(text if text[-1:] == "\n" else text + "\n"):
        kind = found.lastindex
        if kind == _OTHER:
            if line := found[_OTHER]:
                others.append((at, line))
        elif kind in (_TAIL, _REST):
            host, tail, rest = found.group(_ONE_HOST, _TAIL, _REST)
            every_host.append(host)
            if carefully and _are_wrong_hosts([host]):
                others.append((at, found[0][:-1]))
            elif rest:
                paths.append((host, rest))
            else:
                by_tail.setdefault(tail, []).append(host)
        else:
            lines = found[0][:-1].split("\n")
            if kind == _OTHERS:
                others += enumerate(lines, at)
            elif kind == _SPECIFIC:
                every_name += _take_specific(taken, lines, at, carefully)
            else:
                _take_block(taken, lines, kind, at)
            at += len(lines)
            continue
        at += 1
    if not carefully and (_are_wrong_hosts(every_host) or _are_wrong_domains(every_name)):
        return take_usual(text, number, carefully=True)
    return taken


def _take_specific(taken: Taken, lines: list[str], number: int, carefully: bool) -> list[str]:
    """Take lines of selectors and scriptlet calls; returns their domains."""
    cosmetic = taken.cosmetic
    every_name: list[str] = []
    for at, line in enumerate(lines, number):
        names, _, body = line.partition("##")
        every_name.append(names)
        if carefully and names and _are_wrong_domains([names]):
            taken.others.append((at, line))
        else:
            include = tuple(names.split(",")) if names else _NOBODY
            cosmetic.append(_filter(body, include))
    return every_name


def _filter(body: str, include: tuple[str, ...]) -> CosmeticFilter:
    # What the class would call, without its Python layer.
    return _new(CosmeticFilter, (body, False, include, _NOBODY, _NOBODY, _NOBODY))


def _are_wrong_hosts(hosts: list[str]) -> bool:
    joined = f".{'.'.join(hosts)}." if hosts else ""
    return any(wrong in joined for wrong in _NO_LABELS)


def _are_wrong_domains(domains: list[str]) -> bool:
    joined = f",{','.join(filter(None, domains))},"
    if joined == ",,":
        return False
    return any(wrong in joined for wrong in _NO_DOMAINS) or "*" in joined.replace(".*,", ",")


def _take_block(taken: Taken, lines: list[str], kind: int | None, number: int) -> None:
    """Take lines of one form that follow each other."""
    if kind == _GENERIC:
        taken.cosmetic.extend([_filter(line[2:], _NOBODY) for line in lines])
        return
    if kind == _BARE:
        taken.hosts.setdefault("", []).extend(lines)
        return
    tail = "^" if kind == _HOSTS else _THIRD_PARTY
    end = -len(tail)
    hosts = [line[2:end] for line in lines]
    if _are_wrong_hosts(hosts):
        wrong = {host for host in hosts if _are_wrong_hosts([host])}
        taken.others.extend(
            (at, f"||{host}{tail}") for at, host in enumerate(hosts, number) if host in wrong
        )
        hosts = [host for host in hosts if host not in wrong]
    taken.hosts.setdefault(tail, []).extend(hosts)
