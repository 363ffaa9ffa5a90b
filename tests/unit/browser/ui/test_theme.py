"""The three faces are readable (WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1)."""

from __future__ import annotations

import pytest

from myco_browser.ui.theme import DARK, LIGHT, Face, private_face

_TEXTS = ("text", "quiet", "accent", "danger", "warning", "good")
_PRIVATE = [private_face(number) for number in range(1, 6)]
_FACES = [LIGHT, DARK, *_PRIVATE]
_NAMES = ["light", "dark", *(f"private {number}" for number in range(1, 6))]
_GROUNDS = ("bar", "field")


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("face", _FACES, ids=_NAMES)
@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("text", _TEXTS)
def test_text_can_be_read(face: Face, ground: str, text: str) -> None:
    assert _contrast(getattr(face, text), getattr(face, ground)) >= 4.5


@pytest.mark.parametrize("face", _FACES, ids=_NAMES)
def test_text_on_the_frame_and_on_buttons_can_be_read(face: Face) -> None:
    assert _contrast(face.on_frame, face.frame) >= 4.5
    assert _contrast(face.accent_text, face.accent) >= 4.5
    assert _contrast(face.accent_text, face.good) >= 4.5


def test_private_sessions_have_colours_of_their_own() -> None:
    assert len({face.frame for face in _PRIVATE}) == len(_PRIVATE)
    assert private_face(6) == private_face(1)
