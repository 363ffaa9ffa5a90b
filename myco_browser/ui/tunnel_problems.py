"""What is wrong in a tunnel's configuration, in the user's language."""

from __future__ import annotations

from myco_browser.domain.messages import N_
from myco_browser.ui.i18n import _
from myco_vpn.wireguard.parse import Cause, Problem

_WORDS = {
    Cause.NOT_TEXT: N_("this is not a text file"),
    Cause.TOO_LONG: N_("the file is too long"),
    Cause.NO_SECTION: N_("this line stands before the first section"),
    Cause.UNKNOWN_SECTION: N_("only [Interface] and [Peer] are known"),
    Cause.REPEATED_SECTION: N_("this is a second [Interface]"),
    Cause.NO_VALUE: N_("a line needs the form “Key = Value”"),
    Cause.UNKNOWN_KEY: N_("this key is not known here"),
    Cause.REPEATED_KEY: N_("this key was given before"),
    Cause.BAD_VALUE: N_("the value cannot be used"),
    Cause.MISSING_KEY: N_("a key is missing in this section"),
    Cause.NO_INTERFACE: N_("there is no [Interface] section"),
    Cause.NO_PEER: N_("there is no [Peer] section"),
    Cause.REPEATED_PEER: N_("this peer was given before"),
}


def problem_words(problem: Problem) -> str:
    """The file, the line and the cause; in brackets what it is about, such as a key's name."""
    text = _("{file}, line {line}: {cause}").format(
        file=problem.file, line=problem.line, cause=_(_WORDS[problem.cause])
    )
    return f"{text} ({problem.detail})" if problem.detail else text
