"""How the reader shows an article: the settings, and what they mean in a page's style."""

from __future__ import annotations

from typing import NamedTuple

from myco_browser.domain.controls import Choice, Group, Number, Setting
from myco_browser.domain.messages import N_
from myco_browser.domain.settings_snapshot import Settings

SMALLEST, LARGEST, STEP = 12, 36, 2
WIDTHS = ("narrow", "medium", "wide")

READER_FONT = Setting(
    "reader.font",
    Choice((("serif", N_("With serifs")), ("sans", N_("Without serifs")))),
    "serif",
    "serif",
    Group.READING,
    N_("Letters in the reader"),
)
READER_SIZE = Setting(
    "reader.size",
    Number(SMALLEST, LARGEST, STEP, N_("pixels")),
    20,
    20,
    Group.READING,
    N_("Size of letters in the reader"),
)
READER_WIDTH = Setting(
    "reader.width",
    Choice((("narrow", N_("Narrow")), ("medium", N_("Medium")), ("wide", N_("Wide")))),
    "medium",
    "medium",
    Group.READING,
    N_("Width of the text in the reader"),
)
READER_COLOURS = Setting(
    "reader.colours",
    Choice(
        (
            ("window", N_("Like the window")),
            ("light", N_("Light")),
            ("sepia", N_("Sepia")),
            ("dark", N_("Dark")),
        )
    ),
    "window",
    "window",
    Group.READING,
    N_("Colours of the reader"),
    N_("The reader shows an article without its page. It asks for pictures as the page did."),
)
READER_SETTINGS = (READER_FONT, READER_SIZE, READER_WIDTH, READER_COLOURS)


class Paper(NamedTuple):
    """The colours of an article, as #rrggbb."""

    ground: str
    text: str
    quiet: str
    line: str
    link: str


PAPERS = {
    "light": Paper("#fbfcfb", "#1b2523", "#52605b", "#d6ddd9", "#0d6b5e"),
    "sepia": Paper("#f6efdf", "#3a2f1d", "#685a3f", "#dccfb2", "#7d3b0a"),
    "dark": Paper("#161c1a", "#dde6e2", "#9fada8", "#38443f", "#6fd3bd"),
}
_FONTS = {
    "serif": '"Liberation Serif", "Noto Serif", "DejaVu Serif", Georgia, serif',
    "sans": '"Liberation Sans", "Noto Sans", "DejaVu Sans", Arial, sans-serif',
}
_WIDTHS = {"narrow": "30em", "medium": "37em", "wide": "48em"}


def style_of(settings: Settings, *, dark_window: bool) -> dict[str, str]:
    """The properties that the article's style is made of."""
    wish = settings[READER_COLOURS]
    if wish == "window":
        wish = "dark" if dark_window else "light"
    paper = PAPERS[wish]
    return {
        "color-scheme": "dark" if wish == "dark" else "light",
        "--ground": paper.ground,
        "--text": paper.text,
        "--quiet": paper.quiet,
        "--line": paper.line,
        "--link": paper.link,
        "--font": _FONTS[settings[READER_FONT]],
        "--size": f"{settings[READER_SIZE]}px",
        "--width": _WIDTHS[settings[READER_WIDTH]],
    }


def next_size(size: int, step: int) -> int:
    """One step larger (1), smaller (-1), or the usual size (0)."""
    if step == 0:
        return READER_SIZE.default
    return max(SMALLEST, min(LARGEST, size + step * STEP))
