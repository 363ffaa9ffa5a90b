"""What can be done while the engine's library is loaded: importing what needs no Qt.

Loading the library takes as long as dozens of modules, and it is the linker's work, for which
Python's lock is not needed. So a thread loads it, and meanwhile modules are imported here that the
session imports a little later anyway.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import threading

# The last of the libraries: it needs all the others.
_LIBRARY = "Qt6/lib/libQt6WebEngineWidgets.so.6"
_WITHOUT_QT = (
    "myco_browser.domain.settings",
    "myco_browser.services.settings_store",
    "myco_browser.ui.i18n",
    "myco_browser.system.additions",
    "myco_browser.services.filter_lists",
    "myco_browser.services.request_policy",
    "myco_browser.services.bookmarks",
    "myco_browser.services.history",
    "myco_browser.services.site_store",
    "myco_browser.services.session_store",
    "myco_browser.services.download_store",
    "myco_browser.services.completion",
    "myco_browser.services.passwords",
)


def lay() -> None:
    """Loads the engine's library and modules beside each other; returns when the library is there.

    If the library cannot be found, importing Qt will find it, or say what is wrong.
    """
    spec = importlib.util.find_spec("PyQt6")
    if spec is None or spec.origin is None:
        return
    path = os.path.join(os.path.dirname(spec.origin), _LIBRARY)
    # Called as a function: `ctypes.CDLL(path)` would hold Python's lock.
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    loading = threading.Thread(target=dlopen, args=(os.fsencode(path), os.RTLD_NOW))
    loading.start()
    for name in _WITHOUT_QT:
        if not loading.is_alive():
            break
        importlib.import_module(name)
    loading.join()
