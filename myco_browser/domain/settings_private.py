"""The settings of private windows."""

from __future__ import annotations

from myco_browser.domain.controls import Group, Setting, Toggle
from myco_browser.domain.messages import N_

NEW_WINDOWS_INVISIBLE = Setting(
    "private.default",
    Toggle(),
    False,
    False,
    Group.PRIVATE,
    N_("Make new windows invisible"),
    N_(
        "Also when Myco starts, and for links from other programs: everything happens in private "
        "windows, and nothing is kept. “Protected” beside the address opens an everyday window."
    ),
)
PRIVATE_TUNNEL = Setting(
    "private.tunnel",
    Toggle(),
    True,
    True,
    Group.PRIVATE,
    N_("Turn the VPN on for private windows"),
    N_("With the exit that you used last. Everyday windows keep their own way."),
)
PRIVATE_FIXED_SCALE = Setting(
    "private.fixed_scale",
    Toggle(),
    True,
    True,
    Group.PRIVATE,
    N_("Hide the screen's scale in private windows"),
    N_(
        "On screens with very fine dots everything is small there. Without this, it has the usual "
        "size, and pages can tell the scale."
    ),
)
PRIVATE_JAVASCRIPT = Setting(
    "private.javascript",
    Toggle(),
    True,
    False,
    Group.PRIVATE,
    N_("Allow JavaScript in private windows"),
    N_(
        "Most pages do not work without it; with it, pages can ask more about your computer. What "
        "they are told is the same for everybody."
    ),
)
PRIVATE_PDF_VIEWER = Setting(
    "private.pdf_viewer",
    Toggle(),
    False,
    False,
    Group.PRIVATE,
    N_("Show PDF files in private windows"),
    N_("Otherwise they are downloaded, and stay on the disk. Viewers of PDF have had holes."),
)
