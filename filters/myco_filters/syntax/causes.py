"""Why a line of a list has no effect: an enumerated cause, and nothing dropped in silence."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Cause(Enum):
    """The value is the sentence shown to people."""

    UNKNOWN_OPTION = "an option that this engine does not know"
    BAD_VALUE = "an option whose value is missing or wrong"
    NEEDS_RESPONSE = "an option about the answer's headers or body, which the browser cannot see"
    NEEDS_REQUEST_HEADER = "an option about request headers"
    NO_TYPES_LEFT = "options that exclude every request"
    EMPTY_PATTERN = "neither a pattern nor an option that narrows it"
    TOO_LONG = "the line is longer than any real filter"
    REGEX_SYNTAX = "a regular expression that cannot be translated"
    REGEX_DANGEROUS = "a regular expression that could take very long on some address"
    HTML_FILTER = "an HTML filter: it edits the answer's body, which the browser cannot see"
    RESPONSE_HEADER_FILTER = "a filter that removes response headers"
    BAD_SELECTOR = "a cosmetic filter whose selector cannot be used"
    UNKNOWN_OPERATOR = "a procedural operator that this engine does not know"
    BAD_DOMAIN = "a domain that is no host name"
    BAD_DIRECTIVE = "a directive that is unknown or out of place"
    INCLUDE = "the included file is fetched as a part of the list, or missing"
    JAVASCRIPT_RULE = "a scripting rule of another blocker's syntax"


class Unsupported(NamedTuple):
    """A line without effect."""

    raw: str
    cause: Cause
    detail: str = ""
