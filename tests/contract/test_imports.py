"""Import rules that the import linter cannot see: Qt's submodules, and single modules of packages.

The rules about whole packages are in setup.cfg.
"""

from __future__ import annotations

import pytest
from support.source_tree import Import, Module, imports_of, modules

_EVERYTHING = frozenset({"*"})
# What only `web` may touch: it is what the engine is set up with, and so what a session promises.
_SET_UP_OF_THE_ENGINE = frozenset(
    {
        "QWebEngineUrlRequestInterceptor",
        "QWebEngineUrlRequestInfo",
        "QWebEngineUrlScheme",
        "QWebEngineUrlSchemeHandler",
        "QWebEngineUrlRequestJob",
        "QWebEngineSettings",
        "QWebEngineScript",
        "QWebEngineScriptCollection",
        "QWebEngineCookieStore",
        "QWebEngineProfileBuilder",
        "QWebEngineGlobalSettings",
    }
)
# Layer to the Qt modules it may import, and which names of them. The longest fitting name counts;
# a layer that is not named here may import nothing of Qt.
_ALLOWED: dict[str, dict[str, frozenset[str]]] = {
    "myco_browser.app": {
        "PyQt6": frozenset({"sip"}),
        "PyQt6.QtCore": _EVERYTHING,
        "PyQt6.QtGui": _EVERYTHING,
        "PyQt6.QtWidgets": _EVERYTHING,
        # Only to make sure that nobody has set one.
        "PyQt6.QtNetwork": frozenset({"QNetworkProxy"}),
    },
    "myco_browser.ui": {
        # Only so can the engine be told that the user gives no password.
        "PyQt6": frozenset({"sip"}),
        "PyQt6.QtCore": _EVERYTHING,
        "PyQt6.QtGui": _EVERYTHING,
        "PyQt6.QtWidgets": _EVERYTHING,
        "PyQt6.QtSvg": _EVERYTHING,
        # A type in a signal of the engine's page.
        "PyQt6.QtNetwork": frozenset({"QAuthenticator"}),
        "PyQt6.QtWebEngineWidgets": frozenset({"QWebEngineView"}),
        "PyQt6.QtWebEngineCore": _EVERYTHING,
    },
    "myco_browser.web": {
        # What the import itself does is wanted; see engine_start.
        "PyQt6": frozenset({"QtWebEngineWidgets"}),
        "PyQt6.QtCore": _EVERYTHING,
        "PyQt6.QtGui": _EVERYTHING,
        "PyQt6.QtWebEngineCore": _EVERYTHING,
    },
    "myco_browser.bridge": {"PyQt6": frozenset({"sip"}), "PyQt6.QtCore": _EVERYTHING},
    # A process of its own that prints what it finds and ends.
    "myco_browser.versions": {
        "PyQt6.QtCore": _EVERYTHING,
        "PyQt6.QtWebEngineCore": _EVERYTHING,
    },
}
_PURE = (
    "myco_browser.domain",
    "myco_browser.selftest.evidence",
    "myco_browser.selftest.judging",
    "myco_browser.selftest.surfaces",
    "myco_filters",
    "myco_vpn.addresses",
    "myco_vpn.dnswire",
    "myco_vpn.engineproxy",
    "myco_vpn.hostmap",
    "myco_vpn.ledger",
    "myco_vpn.socks",
    "myco_vpn.tunnel.shim",
    "myco_vpn.tunnel.states",
    "myco_vpn.tunnel.watch",
    "myco_vpn.wireguard",
)


def _is_qt(found: Import) -> bool:
    return found.module == "PyQt6" or found.module.startswith("PyQt6.")


def _may_import(module: Module, found: Import) -> bool:
    layer = next((layer for layer in _ALLOWED if module.is_in(layer)), None)
    if layer is None:
        return False
    names = _ALLOWED[layer].get(found.module, frozenset())
    if layer == "myco_browser.ui" and found.name in _SET_UP_OF_THE_ENGINE:
        return False
    return found.name is not None and (found.name in names or names == _EVERYTHING)


def _places(module: Module, found: Import) -> str:
    return f"{module.path}:{found.line} imports {found.module} {found.name or ''}".rstrip()


def test_qt_stops_at_the_bridge() -> None:
    """Each layer imports from Qt what it is there for; below the bridge there is no Qt."""
    wrong = [
        _places(module, found)
        for module in modules()
        for found in imports_of(module)
        if _is_qt(found) and not _may_import(module, found)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("name", "module", "thing", "allowed"),
    [
        ("myco_browser.services.history", "PyQt6.QtCore", "QObject", False),
        ("myco_browser.launcher.start", "PyQt6.QtCore", "QObject", False),
        ("myco_browser.cli", "PyQt6.QtCore", "QObject", False),
        ("myco_vpn.door", "PyQt6.QtNetwork", "QTcpSocket", False),
        ("myco_browser.bridge.worker", "PyQt6.QtCore", "QObject", True),
        ("myco_browser.bridge.worker", "PyQt6.QtWidgets", "QWidget", False),
        ("myco_browser.ui.tab", "PyQt6.QtNetwork", "QNetworkAccessManager", False),
        ("myco_browser.ui.tab", "PyQt6.QtNetwork", None, False),
        ("myco_browser.ui.tab", "PyQt6.QtWebEngineCore", "QWebEngineSettings", False),
        ("myco_browser.web.profile", "PyQt6.QtWebEngineCore", "QWebEngineSettings", True),
        ("myco_browser.app.composition", "PyQt6.QtNetwork", "QNetworkProxy", True),
    ],
)
def test_qt_rule_tells_right_from_wrong(
    name: str, module: str, thing: str | None, allowed: bool
) -> None:
    """The rule itself, on examples."""
    importer = next((each for each in modules() if each.name == name), None)
    assert importer is not None
    assert _may_import(importer, Import(module, thing, 1)) is allowed


@pytest.mark.parametrize(
    ("banned", "why"),
    [
        ("pickle", "bytes that a page or file can reach must not become objects"),
        ("marshal", "the same"),
        ("shelve", "it is made of pickles"),
    ],
)
def test_never_imported(banned: str, why: str) -> None:
    """Some modules have no place anywhere."""
    users = [
        _places(module, found)
        for module in modules()
        for found in imports_of(module)
        if found.module.split(".")[0] == banned
    ]
    assert not users, why


def test_pure_modules_do_not_fetch() -> None:
    """`urllib.parse` is a calculation, `urllib.request` a deed: pure modules use the first only."""
    users = [
        _places(module, found)
        for module in modules()
        if module.is_in(*_PURE)
        for found in imports_of(module)
        if found.module == "urllib.request" or (found.module, found.name) == ("urllib", "request")
    ]
    assert not users
