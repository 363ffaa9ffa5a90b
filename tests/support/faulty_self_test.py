"""The self-test of a browser with faults: `--self-test` as users run it, but for the sessions.

    python faulty_self_test.py

Pages get no script of ours, third parties keep their cookies, and video calls may tell addresses.
It is not sealed: the kernel would hold what the faults let go.
The same program is the self-test, the browser under test and its sessions, by its first argument.
"""

from __future__ import annotations

import sys

from myco_browser.app import __main__ as session_main
from myco_browser.app import tested
from myco_browser.launcher.spawning import SessionProgram
from myco_browser.selftest import command, instance
from myco_vpn import seal

_PROGRAM = (sys.executable, "-P", __file__)
_WEBRTC = "--force-webrtc-ip-handling-policy="


def _plant() -> None:
    from PyQt6.QtWebEngineCore import QWebEngineSettings

    from myco_browser.app import opening
    from myco_browser.web import inspection, open_sites, profile
    from myco_browser.web.flags import chromium_arguments as usual

    def without_webrtc(*ports: object, **wishes: object) -> list[str]:
        found = usual(*ports, **wishes)  # type: ignore[arg-type]
        return [one for one in found if not one.startswith(_WEBRTC)]

    faults = (
        (inspection, "identity_source", lambda *_values: "void 0"),
        (open_sites, "identity_source", lambda *_values: "void 0"),
        # Third parties have their cookies on open sites.
        (open_sites.OpenSites, "covers", lambda *_url: True),
        (opening, "chromium_arguments", without_webrtc),
    )
    attributes = getattr(profile, "_ATTRIBUTES")  # noqa: B009 - private
    attributes[QWebEngineSettings.WebAttribute.WebRTCPublicInterfacesOnly] = False
    for module, name, fault in faults:
        setattr(module, name, fault)


def _run_session() -> int:
    die_with_parent = seal.die_with_parent

    def die_with_parent_then_plant() -> None:
        die_with_parent()
        _plant()  # Qt may only be imported after sealing

    setattr(session_main, "die_with_parent", die_with_parent_then_plant)  # noqa: B010
    return tested.main()


def main() -> int:
    """Runs the part that the first argument names."""
    role = sys.argv.pop(1) if sys.argv[1:2] in (["instance"], ["session"]) else ""
    match role:
        case "instance":
            return instance.main(SessionProgram((*_PROGRAM, "session"), _run_session))
        case "session":
            return _run_session()
        case _:
            return command.main(None, as_json=True, seal=False, command=(*_PROGRAM, "instance"))


if __name__ == "__main__":
    sys.exit(main())
