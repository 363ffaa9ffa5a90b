"""The desktop's files about Myco: a menu entry and a description for software centres.

Desktop Entry Specification 1.5 and AppStream 1.0. Texts are in English and French, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

NAME = "myco-browser"
MIME_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "x-scheme-handler/http",
    "x-scheme-handler/https",
)
_COMMENTS = (
    "Browse the web without being followed",
    "Naviguer sur le web sans être suivi",
)
_ACTIONS = (
    ("new-window", "New window", "Nouvelle fenêtre", "--new-window"),
    ("new-private-window", "New private window", "Nouvelle fenêtre privée", "--private"),
)


def desktop_entry(command: Sequence[str]) -> str:
    """The menu entry. `command` starts the browser; addresses stand behind `--`: never options."""
    start = " ".join(map(_quoted, command))
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Myco Browser",
        "GenericName=Web Browser",
        "GenericName[fr]=Navigateur web",
        f"Comment={_COMMENTS[0]}",
        f"Comment[fr]={_COMMENTS[1]}",
        "Keywords=web;browser;internet;privacy;vpn;",
        "Keywords[fr]=web;navigateur;internet;vie privée;vpn;",
        f"Exec={start} -- %U",
        f"Icon={NAME}",
        "Terminal=false",
        "StartupNotify=true",
        f"StartupWMClass={NAME}",
        "Categories=Network;WebBrowser;",
        f"MimeType={';'.join(MIME_TYPES)};",
        f"Actions={';'.join(name for name, *_rest in _ACTIONS)};",
    ]
    for name, english, french, option in _ACTIONS:
        lines += [
            "",
            f"[Desktop Action {name}]",
            f"Name={english}",
            f"Name[fr]={french}",
            f"Exec={start} {option}",
        ]
    return "\n".join(lines) + "\n"


def metainfo() -> str:
    """What a software centre shows."""
    provides = "".join(f"    <mediatype>{escape(kind)}</mediatype>\n" for kind in MIME_TYPES)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<component type="desktop-application">\n'
        f"  <id>{NAME}.desktop</id>\n"
        "  <metadata_license>CC0-1.0</metadata_license>\n"
        "  <project_license>GPL-3.0-only</project_license>\n"
        "  <name>Myco Browser</name>\n"
        f"  <summary>{_COMMENTS[0]}</summary>\n"
        f'  <summary xml:lang="fr">{_COMMENTS[1]}</summary>\n'
        "  <description>\n"
        "    <p>A web browser that blocks ads and trackers, gives every private session a process "
        "and a way out of its own, and has a VPN built in.</p>\n"
        '    <p xml:lang="fr">Un navigateur web qui bloque publicités et traqueurs, donne à chaque '
        "session privée un processus et une sortie à elle, et contient un VPN.</p>\n"
        "  </description>\n"
        f'  <launchable type="desktop-id">{NAME}.desktop</launchable>\n'
        "  <categories>\n    <category>Network</category>\n"
        "    <category>WebBrowser</category>\n  </categories>\n"
        f"  <provides>\n    <binary>{NAME}</binary>\n{provides}  </provides>\n"
        '  <content_rating type="oars-1.1"/>\n'
        "</component>\n"
    )


def _quoted(word: str) -> str:
    """A word of the Exec key: quoted, with the characters escaped that mean something there."""
    escaped = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word)
    # The value is a string first: there a backslash is doubled; a percent sign is always.
    escaped = escaped.replace("\\", "\\\\").replace("%", "%%")
    is_plain = word and all(sign.isalnum() or sign in "-_./=:,+@%" for sign in word)
    return escaped if is_plain else f'"{escaped}"'
