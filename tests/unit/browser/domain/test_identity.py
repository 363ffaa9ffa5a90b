"""What sites can know of a session."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtWebEngineCore import qWebEngineChromiumVersion

from myco_browser.domain.identity import (
    CHROMIUM_MAJOR,
    LETTERBOX_LIMIT,
    LETTERBOX_STEP,
    everyday_identity,
    letterboxed,
    private_identity,
)


def test_the_user_agent_is_that_of_the_engine_in_use() -> None:
    major = (qWebEngineChromiumVersion() or "").partition(".")[0]
    assert int(major) == CHROMIUM_MAJOR
    assert f"Chrome/{major}.0.0.0 " in private_identity().user_agent


def test_private_sessions_are_alike_whatever_the_user_chose() -> None:
    assert private_identity().script_values() != everyday_identity("en").script_values()
    assert private_identity().media()
    assert not everyday_identity("en").media()


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_page_area_comes_in_few_sizes(width: int, height: int) -> None:
    for length, room, step, limit in zip(
        letterboxed(width, height), (width, height), LETTERBOX_STEP, LETTERBOX_LIMIT, strict=True
    ):
        assert length % step == 0
        assert step <= length <= limit
        assert length <= max(room, step)
        assert room - length < step or length == limit
