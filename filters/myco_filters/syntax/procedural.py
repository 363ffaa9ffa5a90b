"""Bodies of cosmetic filters: selectors, procedural operators, actions, scriptlet calls.

A procedural body is a list of steps from left to right: plain selectors and operators, e.g.
``div:has-text(Ad) > p:upward(2)`` is css "div", has-text "Ad", css " > p", upward "2". The page
script carries the steps out; here they are only read and checked. Nested selectors, as in
``:not(:has-text(x))``, are given as steps of their own.
"""

from __future__ import annotations

import re
from typing import Final

from myco_filters.lazy import lazy_pattern
from myco_filters.syntax.causes import Cause
from myco_filters.value import Value

Step = tuple[str, "str | tuple[Step, ...]"]

_ALIASES = {
    "-abp-contains": "has-text",
    "contains": "has-text",
    "-abp-has": "has",
    "if": "has",
    "if-not": "not",
    "nth-ancestor": "upward",
}
_OPERATORS = frozenset(
    {
        *("has-text", "upward", "matches-css", "matches-css-before", "matches-css-after"),
        *("matches-path", "matches-attr", "matches-media", "matches-prop", "min-text-length"),
        *("watch-attr", "xpath", "others", "shadow"),
    }
)
_NESTING = frozenset({"has", "not", "is"})
_ACTIONS = frozenset({"style", "remove", "remove-attr", "remove-class"})
_UNKNOWN = frozenset({"-abp-properties", "properties", "-abp-xpath"})
_CALL = lazy_pattern(r":(-?[a-z][a-z-]*)\(")
_SPECIAL = lazy_pattern(
    r":(?:-abp-|contains\(|has-text\(|upward\(|nth-ancestor\(|matches-|min-text-length\(|watch-attr\("
    r"|xpath\(|others\(|shadow\(|if\(|if-not\(|style\(|remove\(|remove-attr\(|remove-class\(|properties\()"
)
_SIMPLE = lazy_pattern(r"[a-z]*(?:[.#][A-Za-z_-][\w-]*)+")
# Compounds of names, quoted attributes and the commonest pseudo-classes of such, which need no
# closer look.
_NAMES = "[A-Za-z0-9_.#>+~ *-]*"
_ATTRIBUTE = r'\[[A-Za-z_-]+(?:[*^$~|]?="[^"\\\]{}@<\n]*")?\]'
_PSEUDO = (
    rf":(?:(?:has|not|is)\({_NAMES}(?:(?:{_ATTRIBUTE}|,){_NAMES})*\)"
    r"|(?:first|last|only)-(?:child|of-type)|empty|nth-(?:child|of-type)\([0-9n+-]+\))"
)
USUAL_SELECTOR = rf"{_NAMES}(?:(?:{_ATTRIBUTE}|{_PSEUDO}){_NAMES})*(?<=[\w\]*)-])"
_USUAL = lazy_pattern(USUAL_SELECTOR)
# A selector whose strings, brackets and parentheses are closed, and which ends no rule; what it
# does not fit is looked at by characters.
_STRING = r"""\"[^"\\\n]*\"|'[^'\\\n]*'"""
_BRACKETS = rf"\[(?:[^][()\"'\\{{}};@<\n]|{_STRING})*\]"
_PLAIN = r"""(?:[^][()"'\\{};@<\n/]|/(?!\*))"""
_INNER = rf"\((?:{_PLAIN}|{_STRING}|{_BRACKETS})*\)"
_OUTER = rf"\((?:{_PLAIN}|{_STRING}|{_BRACKETS}|{_INNER})*\)"
_CLOSED = lazy_pattern(rf"(?:{_PLAIN}|{_STRING}|{_BRACKETS}|{_OUTER})+")
_DEPTH = 8
_PAIRS = {")": "(", "]": "["}
_BAD_STYLE = lazy_pattern(
    r"[{}\\<]|/\*|url\s*\(|@import|expression\s*\(|image-set\s*\(", re.IGNORECASE
)


class BodyError(Exception):
    """A body that cannot be used."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


class Scriptlet(Value):
    """A call ``+js(name, argument…)``."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: tuple[str, ...]) -> None:
        self.name: Final = name
        self.arguments: Final = arguments


class Style(Value):
    """Declarations for what a plain selector finds."""

    __slots__ = ("declarations", "selector")

    def __init__(self, selector: str, declarations: str) -> None:
        self.selector: Final = selector
        self.declarations: Final = declarations


class Procedural(Value):
    """Steps that find elements, and what to do with them.

    ``action`` is hide, style, remove, remove-attr or remove-class; ``argument`` its argument.
    """

    __slots__ = ("action", "argument", "steps")

    def __init__(self, steps: tuple[Step, ...], action: str, argument: str) -> None:
        self.steps: Final = steps
        self.action: Final = action
        self.argument: Final = argument


class Hide(Value):
    """A plain selector of what is hidden."""

    __slots__ = ("selector",)

    def __init__(self, selector: str) -> None:
        self.selector: Final = selector


Body = Hide | Style | Procedural | Scriptlet


def check_body(body: str, is_exception: bool = False) -> None:
    """Raise BodyError unless the body can be used. Quick for the usual plain selectors."""
    if _SIMPLE.fullmatch(body) or _USUAL.fullmatch(body):
        return
    if body.startswith("+js("):
        if body[-1] != ")" or (body == "+js()" and not is_exception):
            raise BodyError(Cause.BAD_SELECTOR)
        return
    read_body(body)


def read_body(body: str) -> Body:
    """The meaning of a body. Raises BodyError."""
    if body.startswith("+js("):
        return _scriptlet(body)
    if not body or "\n" in body:
        raise BodyError(Cause.BAD_SELECTOR)
    if not _SPECIAL.search(body):
        _check_selector(body)
        return Hide(body)
    steps = read_steps(body, 0)
    action, argument = "hide", ""
    last, value = steps[-1]
    if last in _ACTIONS and isinstance(value, str):
        action, argument, steps = last, value, steps[:-1]
    if any(name in _ACTIONS for name, _ in steps) or not steps:
        raise BodyError(Cause.BAD_SELECTOR, "an action must stand last")
    if action == "style" and _BAD_STYLE.search(argument):
        raise BodyError(Cause.BAD_SELECTOR, "style")
    if len(steps) == 1 and steps[0][0] == "css" and isinstance(steps[0][1], str):
        selector = steps[0][1]
        if action == "hide":
            return Hide(selector)
        if action == "style":
            return Style(selector, argument)
    return Procedural(tuple(steps), action, argument)


def read_steps(text: str, depth: int) -> list[Step]:
    """The steps of a selector with operators. Raises BodyError."""
    if depth > _DEPTH:
        raise BodyError(Cause.BAD_SELECTOR, "too deep")
    steps: list[Step] = []
    plain = ""
    at = 0
    for start, end, name in _calls(text):
        if start < at:
            continue
        argument = text[end : _closing(text, end - 1)]
        operator = _ALIASES.get(name, name)
        if name in _UNKNOWN:
            raise BodyError(Cause.UNKNOWN_OPERATOR, name)
        is_nesting = operator in _NESTING and _SPECIAL.search(argument) is not None
        if operator in _OPERATORS or operator in _ACTIONS or is_nesting:
            plain += text[at:start]
            if plain.strip():
                steps.append(("css", _checked(plain)))
            plain = ""
            value = tuple(read_steps(argument, depth + 1)) if is_nesting else _unquoted(argument)
            steps.append((operator, value))
        else:
            # A native pseudo-class; old names of the same are written as the native one.
            plain += text[at:start] + f":{operator}({argument})"
        at = end + len(argument) + 1
    plain += text[at:]
    if plain.strip():
        steps.append(("css", _checked(plain)))
    if not steps:
        raise BodyError(Cause.BAD_SELECTOR)
    return steps


def _calls(text: str) -> list[tuple[int, int, str]]:
    """The outermost-first list of ``:name(`` outside strings and brackets of attributes."""
    hidden = _strings(text)
    return [
        (found.start(), found.end(), found[1])
        for found in _CALL.finditer(text)
        if not any(start < found.start() < end for start, end in hidden)
    ]


def _strings(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\[[^\]]*\]", text)]


def _closing(text: str, opening: int) -> int:
    """The parenthesis that closes the one at ``opening``. Raises BodyError."""
    first = text.find(")", opening)
    if first > 0 and text.rfind("(", 0, first) == opening and "\\" not in text[opening:first]:
        return first
    depth = 0
    at = opening
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise BodyError(Cause.BAD_SELECTOR, "parentheses")


def _unquoted(argument: str) -> str:
    text = argument.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _checked(selector: str) -> str:
    _check_selector(selector)
    return selector


def _check_selector(selector: str) -> None:
    """Refuse what could end the rule that it will stand in, or what is no selector."""
    if _CLOSED.fullmatch(selector) and selector.strip():
        return
    stack: list[str] = []
    quote = ""
    at = 0
    while at < len(selector):
        character = selector[at]
        if character == "\\":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([":
            stack.append(character)
        elif character in ")]":
            if not stack or stack.pop() != _PAIRS[character]:
                raise BodyError(Cause.BAD_SELECTOR, "brackets")
        elif character in "{};@<" or selector.startswith("/*", at):
            raise BodyError(Cause.BAD_SELECTOR, character)
        at += 1
    if stack or quote or at > len(selector) or not selector.strip():
        raise BodyError(Cause.BAD_SELECTOR, "not closed")


def _scriptlet(body: str) -> Scriptlet:
    if body[-1] != ")":
        raise BodyError(Cause.BAD_SELECTOR)
    words = [_unescaped(word) for word in _split_arguments(body[4:-1])]
    return Scriptlet(words[0], tuple(words[1:]))


def _split_arguments(text: str) -> list[str]:
    """Split at commas that are neither escaped nor inside a quoted argument."""
    found: list[str] = []
    rest = text
    while True:
        stripped = rest.lstrip()
        quoted = re.match(r"([\"'`])((?:\\.|(?!\1).)*)\1\s*(?:,|$)", stripped)
        if quoted is not None:
            found.append(quoted[2])
            rest = stripped[quoted.end() :]
            if not stripped[: quoted.end()].rstrip().endswith(","):
                return found
            continue
        plain = re.match(r"((?:\\.|[^,\\]|\\$)*)(,|$)", rest)
        if plain is None:
            return [*found, rest.strip()]
        found.append(plain[1].strip())
        if not plain[2]:
            return found
        rest = rest[plain.end() :]


def _unescaped(word: str) -> str:
    return word.replace("\\,", ",")
