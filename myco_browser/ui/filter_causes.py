"""Why a filter has no effect, in plain words."""

from __future__ import annotations

from myco_browser.domain.messages import N_
from myco_browser.services.filter_lint import Finding
from myco_browser.ui.i18n import _
from myco_filters.syntax.causes import Cause

_TEXTS: dict[Cause, str] = {
    Cause.UNKNOWN_OPTION: N_("There is no such option."),
    Cause.BAD_VALUE: N_("The value of an option is missing or wrong."),
    Cause.NEEDS_RESPONSE: N_(
        "This option needs the server’s answer, which the browser cannot see."
    ),
    Cause.NEEDS_REQUEST_HEADER: N_(
        "This option is about request headers, which are not known in time."
    ),
    Cause.NO_TYPES_LEFT: N_("The options exclude every request."),
    Cause.EMPTY_PATTERN: N_("This would be about every address: give a pattern or an option."),
    Cause.TOO_LONG: N_("The line is too long."),
    Cause.REGEX_SYNTAX: N_("The regular expression cannot be read."),
    Cause.REGEX_DANGEROUS: N_("The regular expression could take very long on some addresses."),
    Cause.HTML_FILTER: N_("HTML filters change the server’s answer, which the browser cannot see."),
    Cause.RESPONSE_HEADER_FILTER: N_("Response headers cannot be removed in this browser."),
    Cause.BAD_SELECTOR: N_("The selector after ## cannot be used."),
    Cause.UNKNOWN_OPERATOR: N_("There is no such procedural operator."),
    Cause.BAD_DOMAIN: N_("One of the domains is not a host name."),
    Cause.BAD_DIRECTIVE: N_("The directive is unknown or out of place."),
    Cause.INCLUDE: N_("Other files cannot be included here."),
    Cause.JAVASCRIPT_RULE: N_("Scripting rules of other blockers do not work here."),
}
# The detail of these is a word of the line itself.
_NAMED = frozenset(
    {
        Cause.UNKNOWN_OPTION,
        Cause.BAD_VALUE,
        Cause.NEEDS_RESPONSE,
        Cause.NEEDS_REQUEST_HEADER,
        Cause.BAD_DOMAIN,
        Cause.UNKNOWN_OPERATOR,
    }
)


def reason(finding: Finding) -> str:
    """The sentence for a finding, with what it is about where that helps."""
    text = _(_TEXTS[finding.cause])
    shown = finding.detail.strip() if finding.cause in _NAMED else ""
    return f"{text} ({shown[:80]})" if shown else text
