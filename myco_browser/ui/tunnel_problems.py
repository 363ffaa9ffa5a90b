"""What is wrong in a tunnel's configuration, in the user's language."""

from __future__ import annotations

from myco_browser.domain.messages import N_
from myco_browser.ui.i18n import _
from myco_vpn.wireguard.fields import Flaw
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
_FLAWS = {
    Flaw.KEY: N_("a key is 32 bytes in base64, which are 44 characters"),
    Flaw.KEY_OF_ZEROS: N_("a key of zeros belongs to nobody"),
    Flaw.ADDRESS: N_("“{value}” is no address"),
    Flaw.OWN_ADDRESS: N_("“{value}” cannot be an own address"),
    Flaw.NETWORK: N_("“{value}” is no network"),
    Flaw.BOUND: N_("“{value}” is bound to an interface"),
    Flaw.NAME_SERVER: N_("“{value}” cannot be a name server"),
    Flaw.ENDPOINT: N_("an endpoint needs a port, as in vpn.example:51820"),
    Flaw.IPV6: N_("“{value}” is no IPv6 address"),
    Flaw.NAME: N_("“{value}” is neither an address nor a name"),
    Flaw.PORT: N_("a port is a number in the range {value}"),
    Flaw.MTU: N_("an MTU is a number in the range {value}"),
    Flaw.SECONDS: N_("seconds are a number in the range {value}"),
}


def problem_words(problem: Problem) -> str:
    """The file, the line and the cause; in brackets what it is about, such as a key's name."""
    cause, about = _(_WORDS[problem.cause]), f" ({problem.detail})" if problem.detail else ""
    if problem.flaw is not None:
        cause, about = _(_FLAWS[problem.flaw]).format(value=problem.detail), ""
    text = _("{file}, line {line}: {cause}")
    return text.format(file=problem.file, line=problem.line, cause=cause) + about
