"""The tunnel's states in plain words: what it is, what may leave now, what to do next."""

from __future__ import annotations

from typing import NamedTuple

from myco_browser.domain.tunnel import TunnelPhase, TunnelView
from myco_browser.ui.i18n import _


class TunnelWords(NamedTuple):
    """How a state is shown; `tone` is the name of a colour of the face."""

    word: str
    icon: str
    tone: str
    leaves: str
    """What may leave this computer now."""
    next_step: str = ""
    short: str = ""
    """The word where there is little room; "" when it is short already."""


def tunnel_words(view: TunnelView) -> TunnelWords:
    """The words for what is so now."""
    chosen = view.exit()
    name = chosen.name if chosen is not None else _("VPN")
    if (first := view.first_hop()) is not None:
        name = _("{name} through {first}").format(name=name, first=first.name)
    match view.phase:
        case TunnelPhase.OFF:
            return TunnelWords(
                _("VPN off"), "tunnel-off", "quiet",
                _("Everything leaves directly: sites see the address of this computer."),
            )  # fmt: skip
        case TunnelPhase.CONNECTING:
            return TunnelWords(
                _("Connecting…"), "tunnel", "warning",
                _("Nothing but the greeting to the gateway. Pages wait."),
            )  # fmt: skip
        case TunnelPhase.PROTECTED if view.is_silent:
            return TunnelWords(
                _("No answer: {name}").format(name=name), "tunnel", "warning",
                _("Only the encrypted tunnel, whose other end is silent."),
                _("The gateway has not answered for a while. It goes on by itself when it is back; "
                  "you can also choose another exit."),
                _bare(_("No answer: {name}")),
            )  # fmt: skip
        case TunnelPhase.PROTECTED:
            return TunnelWords(
                _("Protected: {name}").format(name=name), "tunnel", "good",
                _("Only the encrypted tunnel. Sites see the gateway's address, not yours."),
                short=name,
            )  # fmt: skip
        case TunnelPhase.BLOCKED:
            word, step = _cause_words(view.cause)
            leaves = _("Nothing.")
            if view.retries:
                leaves = _("Nothing, until the gateway answers. It is tried again by itself.")
            return TunnelWords(
                _("Blocked: {why}").format(why=word), "door-closed", "danger", leaves, step,
                _bare(_("Blocked: {why}")),
            )  # fmt: skip


def _bare(text: str) -> str:
    """What stands before the colon, which some languages write after a space."""
    return text.partition("{")[0].rstrip(": \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


def _cause_words(cause: str) -> tuple[str, str]:
    """Why nothing leaves, in a few words, and what can be done."""
    match cause:
        case "by-user":
            return _("by you"), _("Connect, or turn the VPN off, to open pages again.")
        case "no-exit":
            return _("no exit chosen"), _("Choose an exit below, or import one.")
        case "not-possible":
            return (_("not possible here"),
                    _("This system does not let programs make a tunnel without an administrator. "
                      "Ask one to allow user namespaces for Myco."))  # fmt: skip
        case "no-program":
            return (_("a program is missing"),
                    _("Ask an administrator to install wireguard-go, then try again."))  # fmt: skip
        case "locked":
            return _("keys locked"), _("Enter the passphrase of your keys below.")
        case "name-not-found":
            return (_("gateway not found"),
                    _("The gateway's name leads nowhere. Is this computer connected to a "
                      "network?"))  # fmt: skip
        case "no-answer":
            return (_("no answer"),
                    _("The gateway did not answer. It may be down, this network may not let UDP "
                      "pass, or the gateway may not know your key: ask whoever runs it, or choose "
                      "another exit."))  # fmt: skip
        case "bad-configuration":
            return (_("exit cannot be used"),
                    _("The configuration of this exit, or its key, cannot be read. Import it "
                      "again."))  # fmt: skip
        case "in-use":
            return (_("exit in use"),
                    _("Another window uses this exit by another route. Choose another exit "
                      "here, or the same route as there."))  # fmt: skip
        case "cannot-save":
            return (_("disk full?"),
                    _("Your choice could not be saved, so everything stays closed. Make room on "
                      "the disk and try again."))  # fmt: skip
        case _:
            return (_("tunnel ended"),
                    _("A part of the tunnel ended unexpectedly. It is started again."))  # fmt: skip
