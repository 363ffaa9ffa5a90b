"""The environment that the engine reads: set before QApplication, from the session's identity.

Native answers hold in every realm of a page, workers included, and nobody can tell that they are
not the machine's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from myco_browser.domain.identity import Fonts, SessionIdentity
from myco_resources import fonts_path

_FONT_FILES = {Fonts.UNIFORM: "uniform.conf", Fonts.UNIFORM_FIRST: "uniform-first.conf"}
# Where the two families lie that the fontconfig files name first.
_FONT_FOLDERS = (
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/liberation",
    "/usr/share/fonts/liberation-fonts",
    "/usr/share/fonts/liberation-sans",
    "/usr/share/fonts/liberation-sans-fonts",
    "/usr/share/fonts/TTF",
)
_FONT_FILE = "LiberationSans-Regular.ttf"

# Files that graphics drivers and Qt would leave outside the profile.
_NO_TRACE = {
    "MESA_SHADER_CACHE_DISABLE": "true",
    "MESA_GLSL_CACHE_DISABLE": "true",
    "__GL_SHADER_DISK_CACHE": "0",
    "QSG_RHI_DISABLE_DISK_CACHE": "1",
}
_SCALE = ("QT_SCREEN_SCALE_FACTORS", "QT_AUTO_SCREEN_SCALE_FACTOR", "QT_FONT_DPI")


def uniform_fonts_are_here(folders: Iterable[str] = _FONT_FOLDERS) -> bool:
    """Whether the fonts are installed that make pages look the same for everybody."""
    return any(os.path.exists(os.path.join(folder, _FONT_FILE)) for folder in folders)


def surroundings(identity: SessionIdentity, *, fonts_are_here: bool) -> Mapping[str, str | None]:
    """The variables to set; None unsets one."""
    found: dict[str, str | None] = {}
    name = _FONT_FILES.get(identity.fonts)
    if name is not None and fonts_are_here:
        found["FONTCONFIG_FILE"] = fonts_path(name)
    if identity.time_zone is not None:
        found["TZ"] = identity.time_zone
    if identity.fixed_scale:
        found |= dict.fromkeys(_SCALE)
        found |= {"QT_SCALE_FACTOR": "1", "QT_ENABLE_HIGHDPI_SCALING": "0"}
    if identity.uniform:
        found |= _NO_TRACE
        found |= {"LC_ALL": "C.UTF-8", "QT_STYLE_OVERRIDE": None}
    return found


def enter(variables: Mapping[str, str | None]) -> None:
    """Sets them for this process and all that it starts."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
