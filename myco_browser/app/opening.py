"""The first part of a session's start: two things at once, as the machine has more than one core.

The engine takes some tenths of a second to start, and Python about as long to load the modules.
Then the filters are loaded beside the first window: whoever needs them waits (`LateEngine`).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from PyQt6.QtCore import QCoreApplication, QEventLoop, QMetaObject, Qt
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from myco_browser.app.drawing import Drawing, choose_drawing, moves_less
from myco_browser.domain.identity import (
    Fonts,
    SessionIdentity,
    everyday_identity,
    private_identity,
)
from myco_browser.domain.settings import LANGUAGE, UNIFORM_FONTS
from myco_browser.domain.settings_private import PRIVATE_FIXED_SCALE
from myco_browser.services.settings_store import SettingsStore
from myco_browser.system.additions import dictionary_folder
from myco_browser.system.stuck_copies import end_stuck_copies
from myco_browser.ui.i18n import choose_language, install
from myco_browser.ui.icons import pixmap
from myco_browser.web.engine_start import start_engine
from myco_browser.web.flags import chromium_arguments
from myco_browser.web.inspection import Inspections, inspections_of
from myco_browser.web.schemes import register_scheme
from myco_browser.web.surroundings import enter, surroundings, uniform_fonts_are_here

if TYPE_CHECKING:
    from myco_browser.app.__main__ import Greeting
    from myco_browser.services.filter_lists import FirstEngine, ListPlaces

_log = logging.getLogger("myco_browser")


class Opening(NamedTuple):
    """What there is when the engine has started."""

    application: QApplication
    settings: SettingsStore
    language: str
    identity: SessionIdentity
    inspections: Inspections
    fonts_are_here: bool
    places: ListPlaces
    load_filters: Callable[[], FirstEngine]
    drawing: Drawing


def open_session(greeting: Greeting, ports: Sequence[int], *, sealed: bool) -> Opening:
    """Makes the application and starts the engine with the door's ports, once per process."""
    # Without a hook of ours, PyQt ends the process at the first exception in a slot. Requests do
    # not depend on this: the interceptor blocks what it cannot decide before any hook is asked.
    sys.excepthook = _log_exception
    logging.basicConfig(level=greeting.log_level.upper(), format="%(name)s: %(message)s")
    settings = _settings_store(greeting)
    language = choose_language(greeting.language or settings.settings[LANGUAGE])
    install(language)
    identity = _identity(greeting, settings, language)
    fonts_are_here = uniform_fonts_are_here()
    enter(surroundings(identity, fonts_are_here=fonts_are_here))
    # The engine looks for dictionaries once, when it starts.
    enter({"QTWEBENGINE_DICTIONARIES_PATH": dictionary_folder(os.environ)})
    register_scheme()
    drawing = choose_drawing(settings, greeting)
    flags = chromium_arguments(
        ports,
        identity,
        sealed=sealed,
        disable_gpu=drawing.software,
        less_motion=moves_less(settings),
    )
    pool = ThreadPoolExecutor(1, "myco-start")
    loading = pool.submit(_load, greeting)
    filters = pool.submit(lambda: _load_filters(loading.result(), settings, language))
    pool.shutdown(wait=False)
    application = _application(greeting, flags)
    end_stuck_copies()
    start_engine()
    inspections = inspections_of(identity, application)
    if greeting.urls:
        # Their pages wait for it: it gets ready while the modules are being loaded.
        inspections.prepare()
        _work_on(loading)
    places = loading.result()
    mark = "myco-private" if greeting.private else "myco"
    application.setWindowIcon(QIcon(pixmap(mark, "#000000", 128, 1)))
    return Opening(
        application, settings, language, identity, inspections, fonts_are_here, places,
        filters.result, drawing,
    )  # fmt: skip


def _work_on(loading: Future[ListPlaces]) -> None:
    """Lets the engine, whose work comes as events, go on until that is done."""
    loop = QEventLoop()
    loading.add_done_callback(
        lambda _done: QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection)
    )
    loop.exec()


def _identity(greeting: Greeting, settings: SettingsStore, language: str) -> SessionIdentity:
    values = settings.settings
    if greeting.private:
        return private_identity(fixed_scale=values[PRIVATE_FIXED_SCALE])
    fonts = Fonts.UNIFORM_FIRST if values[UNIFORM_FONTS] else Fonts.MACHINE
    return everyday_identity(language, fonts)


def _load(greeting: Greeting) -> ListPlaces:
    """Beside the Qt thread: the modules. Nothing of Qt may be made here."""
    from myco_browser.app import composition
    from myco_browser.services.filter_lists import ListPlaces
    from myco_browser.services.own_filters import OWN_FILE
    from myco_browser.services.own_lists import ADDED_FILE
    from myco_browser.system.paths import data_directory
    from myco_filters.lists.seed import INSTALLED

    assert composition is not None
    return ListPlaces(
        Path(greeting.lists_from) / "lists",
        Path(greeting.lists_from) / "filters",
        (Path(data_directory(os.environ)).parent / "seed", *INSTALLED),
        read_only=greeting.private,
        own=Path(greeting.lists_from) / OWN_FILE,
        added=Path(greeting.lists_from) / ADDED_FILE,
    )


def _load_filters(places: ListPlaces, settings: SettingsStore, language: str) -> FirstEngine:
    """Then, while the engine is still starting, the filters; no request waits for them long."""
    from myco_browser.services.filter_lists import enabled_ids, first_engine

    return first_engine(places, enabled_ids(settings.settings, language, places.subscriptions()))


def _settings_store(greeting: Greeting) -> SettingsStore:
    """The everyday session's settings; a private session has a copy that it never writes."""
    path = Path(greeting.lists_from) / "settings.json"
    stored = SettingsStore(path)
    return SettingsStore(None, stored.settings) if greeting.private else stored


def _log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _log.error("something went wrong; the browser goes on", exc_info=(kind, error, trace))


def _application(greeting: Greeting, flags: list[str]) -> QApplication:
    if greeting.private:
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DisableShaderDiskCache)
    # The style by name: an object of it would have Python make the many names of Qt's styles.
    # Without "--webEngineArgs" the engine takes none of the arguments (measured with 6.11).
    application = QApplication(["myco-browser", "-style", "Fusion", "--webEngineArgs", *flags])
    application.setApplicationName("myco-browser")
    application.setApplicationDisplayName("Myco Browser")
    application.setDesktopFileName("myco-browser")
    application.setQuitOnLastWindowClosed(False)
    return application
