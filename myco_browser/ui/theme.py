"""Colours, spacing and style of the window, in three faces: light, dark and private.

One table of tokens; the palette and the style sheet are made from it, so that native dialogs and
our own widgets agree. Text on its ground has a contrast of at least 4.5:1 in each face.
"""

from __future__ import annotations

from functools import cache
from string import Template
from typing import NamedTuple

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication, QPalette

from myco_resources import read_style, style_path


class Face(NamedTuple):
    """The colours of one face, as #rrggbb."""

    frame: str  # behind the tabs
    bar: str  # toolbar and the selected tab
    field: str  # inputs, lists
    field_hover: str
    text: str
    quiet: str  # secondary text
    line: str
    accent: str
    accent_text: str
    on_frame: str  # text on the frame
    hover: str
    danger: str
    warning: str
    good: str


LIGHT = Face(
    frame="#dfe6e2", bar="#f8faf8", field="#ebf0ed", field_hover="#e2e9e5", text="#1a2623",
    quiet="#52605b", line="#cfd8d3", accent="#0d6b5e", accent_text="#ffffff", on_frame="#2c3a36",
    hover="#e4ebe7", danger="#b3261e", warning="#8a5a00", good="#0d6b5e",
)  # fmt: skip
DARK = Face(
    frame="#121816", bar="#1f2724", field="#2a3430", field_hover="#323d39", text="#e6edea",
    quiet="#a3b1ac", line="#38443f", accent="#6fd3bd", accent_text="#06201b", on_frame="#c3cfca",
    hover="#2b3531", danger="#ff9c92", warning="#f0c36a", good="#6fd3bd",
)  # fmt: skip
PRIVATE = Face(
    frame="#26143d", bar="#341f52", field="#442c67", field_hover="#4e3575", text="#f3ecff",
    quiet="#c9b8e6", line="#56407c", accent="#c9a7ff", accent_text="#22103a", on_frame="#e2d4fa",
    hover="#452d69", danger="#ffa29a", warning="#f3cd82", good="#9fe3cf",
)  # fmt: skip

# Private windows of one session have one colour: violet, blue, green, rose, amber.
_TURNS = (0, 300, 250, 70, 130)
_GROUNDS = frozenset({"frame", "bar", "field", "field_hover", "hover", "line", "accent_text"})
_KEPT_IN_PRIVATE = frozenset({"danger", "warning", "good"})


def private_face(number: int) -> Face:
    """The colours of the private session with this number, counted from 1."""
    return _turned(_TURNS[(number - 1) % len(_TURNS)])


@cache
def _turned(degrees: int) -> Face:
    if not degrees:
        return PRIVATE
    turned = PRIVATE._asdict()
    for name in turned.keys() - _KEPT_IN_PRIVATE:
        colour = QColor(turned[name])
        hue = (colour.hslHue() + degrees) % 360
        # Violet is the darkest of these hues: the grounds of the others need less light.
        lightness = colour.lightness() * (75 if name in _GROUNDS else 100) // 100
        turned[name] = QColor.fromHsl(hue, colour.hslSaturation(), lightness).name()
    return Face(**turned)


# One spacing scale, in device-independent pixels.
SPACE = {"xs": 4, "s": 8, "m": 12, "l": 16, "xl": 24, "xxl": 40}


def choose_face(wish: str, private: int | None) -> Face:
    """The face for a theme wish ("system", "light", "dark"); `private`: that session's number."""
    if private is not None:
        return private_face(private)
    if wish == "system":
        hints = QGuiApplication.styleHints()
        dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if wish == "dark" else LIGHT


def is_dark(face: Face) -> bool:
    """Whether text is lighter than its ground."""
    return QColor(face.text).lightness() > QColor(face.bar).lightness()


def palette_of(face: Face) -> QPalette:
    """The palette of a face, for every widget that the style sheet does not name."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, face.bar), (role.WindowText, face.text), (role.Base, face.bar),
        (role.AlternateBase, face.field), (role.Text, face.text), (role.Button, face.field),
        (role.ButtonText, face.text), (role.ToolTipBase, face.bar), (role.ToolTipText, face.text),
        (role.PlaceholderText, face.quiet), (role.Highlight, face.accent),
        (role.HighlightedText, face.accent_text), (role.Link, face.accent),
        (role.LinkVisited, face.accent), (role.BrightText, face.danger),
        (role.Light, face.field_hover), (role.Mid, face.line), (role.Dark, face.line),
        (role.Accent, face.accent),
    ):  # fmt: skip
        palette.setColor(target, QColor(colour))
    for disabled in (role.Text, role.ButtonText, role.WindowText):
        faint = QColor(face.quiet)
        faint.setAlphaF(0.55)
        palette.setColor(QPalette.ColorGroup.Disabled, disabled, faint)
    return palette


def style_sheet(face: Face) -> str:
    """The style sheet of a face."""
    values = {name: str(value) for name, value in face._asdict().items()}
    tick = {LIGHT: "light", DARK: "dark"}.get(face, "private")
    for picture in ("check", "up", "down"):
        values[picture] = style_path(f"{picture}-{tick}.svg")
    return Template(read_style("window.qss")).substitute(values)
