"""The three faces are readable (WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1)."""

from __future__ import annotations

import pytest
from support.contrast import contrast

from myco_browser.ui.theme import DARK, LIGHT, Face, private_face

_TEXTS = ("text", "quiet", "accent", "danger", "warning", "good")
_PRIVATE = [private_face(number) for number in range(1, 6)]
_FACES = [LIGHT, DARK, *_PRIVATE]
_NAMES = ["light", "dark", *(f"private {number}" for number in range(1, 6))]
_GROUNDS = ("bar", "field")


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("face", _FACES, ids=_NAMES)
@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("text", _TEXTS)
def test_text_can_be_read(face: Face, ground: str, text: str) -> None:
    assert contrast(getattr(face, text), getattr(face, ground)) >= 4.5


@pytest.mark.parametrize("face", _FACES, ids=_NAMES)
def test_text_on_the_frame_and_on_buttons_can_be_read(face: Face) -> None:
    assert contrast(face.on_frame, face.frame) >= 4.5
    assert contrast(face.accent_text, face.accent) >= 4.5
    assert contrast(face.accent_text, face.good) >= 4.5


def test_private_sessions_have_colours_of_their_own() -> None:
    assert len({face.frame for face in _PRIVATE}) == len(_PRIVATE)
    assert private_face(6) == private_face(1)
