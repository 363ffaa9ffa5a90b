"""Which files can do harm by being opened, and why: they are kept only after a second yes.

Judged by the ending of the name, by the first bytes, and by the names inside of archives. That a
file is not in this table says nothing good about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from myco_browser.domain.messages import N_


class Danger(Enum):
    """The kind of danger; the value is the sentence to show."""

    PROGRAM = N_("This is a program. Opened, it can read, change and send everything you can.")
    SCRIPT = N_("This is a script. Opened, it can read, change and send everything you can.")
    LAUNCHER = N_("This is a starter. It looks like a document, and starts whatever it names.")
    PACKAGE = N_("This is a software package. Installing it can change the whole computer.")
    MACROS = N_("This document may contain macros: programs that run when it is opened.")
    DISK_IMAGE = N_("This is an image of a disk. Programs in it escape the usual warnings.")
    FOREIGN = N_("This is a program for another system. It can do harm there, or in an emulator.")
    REMOTE = N_("This file makes other programs connect to a place that it names.")
    ARCHIVE = N_("In this archive there are files that can do harm.")


_ENDINGS: dict[Danger, str] = {
    Danger.PROGRAM: "appimage bin elf out run so ko x86 x86_64 x64 jar jnlp wasm",
    Danger.SCRIPT: (
        "sh bash zsh csh ksh fish command tool py pyw pyc pyz pl pm rb php lua tcl awk js jse mjs "
        "cjs bat cmd ps1 psm1 psd1 vbs vbe wsf wsh hta ahk applescript scpt action workflow r "
        "service timer socket path mount rules gdb mk xsession profile bashrc"
    ),
    Danger.LAUNCHER: "desktop directory lnk url webloc pif library-ms search-ms settingcontent-ms",
    Danger.PACKAGE: (
        "deb rpm pkg flatpak flatpakref flatpakrepo snap pacman apk xapk whl egg gem crx xpi vsix "
        "oxt msix msixbundle appx appxbundle dmg mpkg ipa aab"
    ),
    Danger.MACROS: "docm dotm xlsm xltm xlam xll pptm potm ppam ppsm sldm mdb accdb accde ade",
    Danger.DISK_IMAGE: "iso img vhd vhdx vmdk qcow2 vdi ova",
    Danger.FOREIGN: "exe com scr msi msp dll sys cpl drv ocx reg inf gadget application app chm",
    Danger.REMOTE: "rdp remmina vnc ica ovpn nmconnection mobileconfig",
}
BY_ENDING: dict[str, Danger] = {
    ending: danger for danger, endings in _ENDINGS.items() for ending in endings.split()
}
_HEADS: tuple[tuple[bytes, Danger], ...] = (
    (b"\x7fELF", Danger.PROGRAM),
    (b"#!", Danger.SCRIPT),
    (b"[Desktop Entry]", Danger.LAUNCHER),
    (b"MZ", Danger.FOREIGN),
    (b"\xcf\xfa\xed\xfe", Danger.FOREIGN),
    (b"\xca\xfe\xba\xbe", Danger.FOREIGN),
    (b"\xed\xab\xee\xdb", Danger.PACKAGE),
    (b"!<arch>\ndebian-binary", Danger.PACKAGE),
)
# What may be opened by the browser once it was agreed to; the others only show their folder.
OPENABLE = frozenset({Danger.MACROS, Danger.ARCHIVE, Danger.DISK_IMAGE})


def danger_of_name(name: str) -> Danger | None:
    """By the ending alone."""
    return BY_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None


def danger_of_head(head: bytes) -> Danger | None:
    """By the first bytes, whatever the name says. A byte-order mark before them is skipped."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    for start, danger in _HEADS:
        if text.startswith(start):
            return danger
    return Danger.LAUNCHER if b"\n[Desktop Entry]" in text[:512] else None


def dangerous_members(names: Iterable[str]) -> tuple[str, ...]:
    """Those in an archive that can do harm, or that would be unpacked outside of their folder."""
    found = (name for name in names if danger_of_name(name) is not None or _leads_out(name))
    return tuple(found)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")
