"""Starts the engine without keeping other threads from running."""

from __future__ import annotations

import ctypes
import logging

from PyQt6 import QtWebEngineWidgets
from PyQt6.QtWebEngineCore import qWebEngineVersion

# Importing it sets AA_ShareOpenGLContexts, which the engine needs before QApplication is made. It
# is not set by name, because the first use of any name in Qt makes Python objects of them all:
# that may as well happen beside the engine.
assert QtWebEngineWidgets is not None

_log = logging.getLogger(__name__)

_LIBRARY = "libQt6WebEngineCore.so.6"
# `QWebEngineProfile::defaultProfile()`, a public function of Qt.
_DEFAULT_PROFILE = "_ZN17QWebEngineProfile14defaultProfileEv"


def start_engine() -> None:
    """Starts the engine; to be called on the Qt thread, after QApplication was made.

    The first profile starts it anyway, but PyQt holds the interpreter's lock over those tenths of
    a second. A call by ctypes does not, so that modules can be loaded meanwhile. The default
    profile that is made by the way is off the record, has no page and is never used.
    """
    _log.debug("starting QtWebEngine %s", qWebEngineVersion())
    try:
        default_profile = getattr(ctypes.CDLL(_LIBRARY), _DEFAULT_PROFILE)
    except (OSError, AttributeError) as error:
        _log.info("the engine starts with its first profile: %s", error)
        return
    default_profile.argtypes = ()
    default_profile.restype = ctypes.c_void_p
    default_profile()
