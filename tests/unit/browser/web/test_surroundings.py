"""The environment that the engine reads."""

from __future__ import annotations

from pathlib import Path

from myco_browser.domain.identity import Fonts, everyday_identity, private_identity
from myco_browser.web.surroundings import surroundings, uniform_fonts_are_here


def test_a_private_session_has_no_time_zone_scale_or_fonts_of_its_own() -> None:
    found = surroundings(private_identity(), fonts_are_here=True)
    assert found["TZ"] == "UTC"
    assert found["QT_SCALE_FACTOR"] == "1"
    assert found["QT_SCREEN_SCALE_FACTORS"] is None
    assert Path(found["FONTCONFIG_FILE"] or "").is_file()
    assert found["MESA_SHADER_CACHE_DISABLE"] == "true"


def test_the_everyday_session_keeps_time_zone_and_scale() -> None:
    found = surroundings(everyday_identity("fr"), fonts_are_here=True)
    assert list(found) == ["FONTCONFIG_FILE"]
    assert Path(found["FONTCONFIG_FILE"] or "").is_file()
    assert not surroundings(everyday_identity("fr", Fonts.MACHINE), fonts_are_here=True)


def test_without_the_fonts_pages_get_those_of_the_machine(tmp_path: Path) -> None:
    assert "FONTCONFIG_FILE" not in surroundings(private_identity(), fonts_are_here=False)
    assert not uniform_fonts_are_here([str(tmp_path)])
    (tmp_path / "LiberationSans-Regular.ttf").touch()
    assert uniform_fonts_are_here([str(tmp_path)])


def test_the_scale_may_show_where_the_user_wants_it() -> None:
    found = surroundings(private_identity(fixed_scale=False), fonts_are_here=True)
    assert not [name for name in found if name.startswith("QT_") and name.endswith("FACTORS")]
    assert "QT_SCALE_FACTOR" not in found
