"""What the user can do, said once: id, title and keys. Menus, the help page and the window use it.

The keys are those that Firefox and Chrome share; where they differ, both work. The first key of an
action is the one that menus show.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from myco_browser.domain.messages import N_


class Section(Enum):
    """Where an action stands on the help page; the value is the heading."""

    TABS = N_("Tabs and windows")
    NAVIGATION = N_("Moving around")
    PAGE = N_("This page")
    TOOLS = N_("Tools")


class Shortcut(NamedTuple):
    """One action; `icon` is "" where menus show none."""

    id: str
    title: str
    keys: tuple[str, ...]
    section: Section
    icon: str = ""


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("new-tab", N_("New tab"), ("Ctrl+T",), Section.TABS, "plus"),
    Shortcut("new-window", N_("New window"), ("Ctrl+N",), Section.TABS, "window"),
    Shortcut(
        "new-private", N_("New private window"), ("Ctrl+Shift+P", "Ctrl+Shift+N"), Section.TABS,
        "mask",
    ),
    Shortcut("new-identity", N_("New identity"), ("Ctrl+Shift+U",), Section.TABS, "mask"),
    Shortcut("close-tab", N_("Close tab"), ("Ctrl+W", "Ctrl+F4"), Section.TABS, "close"),
    Shortcut("close-window", N_("Close window"), ("Ctrl+Shift+W", "Alt+F4"), Section.TABS),
    Shortcut("reopen-tab", N_("Reopen closed tab"), ("Ctrl+Shift+T",), Section.TABS, "history"),
    Shortcut("duplicate-tab", N_("Duplicate tab"), (), Section.TABS, "duplicate"),
    Shortcut("pin-tab", N_("Pin tab"), (), Section.TABS, "pin"),
    Shortcut("mute-tab", N_("Mute tab"), ("Ctrl+M",), Section.TABS, "speaker-off"),
    Shortcut("next-tab", N_("Next tab"), ("Ctrl+Tab", "Ctrl+PgDown"), Section.TABS),
    Shortcut("previous-tab", N_("Previous tab"), ("Ctrl+Shift+Tab", "Ctrl+PgUp"), Section.TABS),
    Shortcut("move-tab-left", N_("Move tab left"), ("Ctrl+Shift+PgUp",), Section.TABS),
    Shortcut("move-tab-right", N_("Move tab right"), ("Ctrl+Shift+PgDown",), Section.TABS),
    Shortcut("all-tabs", N_("All tabs"), ("Ctrl+Shift+A",), Section.TABS, "list"),
    Shortcut("last-tab", N_("Last tab"), ("Ctrl+9",), Section.TABS),
    Shortcut("quit", N_("Quit"), ("Ctrl+Q",), Section.TABS),
    Shortcut(
        "address", N_("Address bar"), ("Ctrl+L", "Alt+D", "F6"), Section.NAVIGATION, "search"
    ),
    Shortcut("search", N_("Search the web"), ("Ctrl+K", "Ctrl+E"), Section.NAVIGATION, "search"),
    Shortcut("back", N_("Back"), ("Alt+Left",), Section.NAVIGATION, "back"),
    Shortcut("forward", N_("Forward"), ("Alt+Right",), Section.NAVIGATION, "forward"),
    Shortcut("home", N_("Home page"), ("Alt+Home",), Section.NAVIGATION, "home"),
    Shortcut("reload", N_("Reload"), ("Ctrl+R", "F5"), Section.NAVIGATION, "reload"),
    Shortcut(
        "hard-reload", N_("Reload without cache"), ("Ctrl+Shift+R", "Ctrl+F5"), Section.NAVIGATION
    ),
    Shortcut("stop", N_("Stop loading"), ("Esc",), Section.NAVIGATION, "stop"),
    Shortcut("find", N_("Find in page"), ("Ctrl+F",), Section.PAGE, "search"),
    Shortcut("find-next", N_("Find next"), ("Ctrl+G", "F3"), Section.PAGE),
    Shortcut("find-previous", N_("Find previous"), ("Ctrl+Shift+G", "Shift+F3"), Section.PAGE),
    Shortcut("zoom-in", N_("Zoom in"), ("Ctrl++", "Ctrl+="), Section.PAGE, "zoom-in"),
    Shortcut("zoom-out", N_("Zoom out"), ("Ctrl+-",), Section.PAGE, "zoom-out"),
    Shortcut("zoom-reset", N_("Usual size"), ("Ctrl+0",), Section.PAGE),
    Shortcut("full-screen", N_("Full screen"), ("F11",), Section.PAGE, "fullscreen"),
    Shortcut("reader", N_("Reader"), ("Ctrl+Alt+R", "F9"), Section.PAGE, "book"),
    Shortcut(
        "screenshot", N_("Take a picture of the page"), ("Ctrl+Shift+S",), Section.PAGE, "camera"
    ),
    Shortcut("read-later", N_("Add to the reading list"), (), Section.PAGE, "bookmark-list"),
    Shortcut("pin-start", N_("Pin to the start page"), (), Section.PAGE, "star"),
    Shortcut("print", N_("Print…"), ("Ctrl+P",), Section.PAGE, "print"),
    Shortcut("print-pdf", N_("Save as PDF…"), (), Section.PAGE, "file"),
    Shortcut("save", N_("Save page as…"), ("Ctrl+S",), Section.PAGE, "download"),
    Shortcut("open-file", N_("Open file…"), ("Ctrl+O",), Section.PAGE, "folder"),
    Shortcut("view-source", N_("View source"), ("Ctrl+U",), Section.TOOLS, "code"),
    Shortcut(
        "developer-tools", N_("Developer tools"), ("F12", "Ctrl+Shift+I"), Section.TOOLS, "code"
    ),
    Shortcut("site-panel", N_("About this site"), (), Section.TOOLS, "info"),
    Shortcut("shield-panel", N_("What was blocked"), (), Section.TOOLS, "shield-check"),
    Shortcut("level-panel", N_("How private this page is"), ("Ctrl+Alt+L",), Section.TOOLS, "eye"),
    Shortcut("block-element", N_("Block element…"), ("Ctrl+Shift+E",), Section.PAGE, "target"),
    Shortcut("tunnel", N_("Turn the VPN on or off"), ("Ctrl+Alt+V",), Section.TOOLS, "tunnel"),
    Shortcut("tunnel-panel", N_("VPN exits and details"), (), Section.TOOLS, "tunnel"),
    Shortcut("request-log", N_("Request log"), ("Ctrl+Alt+N",), Section.TOOLS, "list"),
    Shortcut("bookmark", N_("Bookmark this page"), ("Ctrl+D",), Section.PAGE, "star"),
    Shortcut("bookmarks", N_("Bookmarks"), ("Ctrl+Shift+O",), Section.TOOLS, "star"),
    Shortcut("bookmarks-bar", N_("Bookmarks bar"), ("Ctrl+Shift+B",), Section.TOOLS),
    Shortcut("mail", N_("Mail"), ("Ctrl+Shift+M",), Section.TOOLS, "mail"),
    Shortcut("files", N_("Files"), ("Ctrl+Shift+L",), Section.TOOLS, "folder"),
    Shortcut("reading-list", N_("Reading list"), ("Ctrl+Alt+B",), Section.TOOLS, "bookmark-list"),
    Shortcut(
        "fill-password", N_("Passwords for this page"), ("Ctrl+Alt+K",), Section.PAGE, "key"
    ),
    Shortcut("passwords", N_("Passwords"), ("Ctrl+Alt+Shift+K",), Section.TOOLS, "key"),
    Shortcut("history", N_("History"), ("Ctrl+H",), Section.TOOLS, "history"),
    Shortcut("permissions", N_("Permissions of sites"), (), Section.TOOLS, "bell"),
    Shortcut("compare-prices", N_("Compare prices of this page"), (), Section.TOOLS, "search"),
    Shortcut("answer-page", N_("Answer what the page asks for"), ("Ctrl+Alt+P",), Section.PAGE),
    Shortcut("clear-data", N_("Clear data…"), ("Ctrl+Shift+Del",), Section.TOOLS, "trash"),
    Shortcut("downloads", N_("Downloads"), ("Ctrl+J",), Section.TOOLS, "download"),
    Shortcut("move-in", N_("Move in from another browser…"), (), Section.TOOLS, "folder"),
    Shortcut("settings", N_("Settings"), ("Ctrl+,",), Section.TOOLS, "settings"),
    Shortcut("help", N_("Keyboard shortcuts"), ("F1",), Section.TOOLS, "keyboard"),
    Shortcut("self-test", N_("Self-test"), (), Section.TOOLS, "shield-check"),
    Shortcut("version", N_("About Myco Browser"), (), Section.TOOLS, "info"),
)  # fmt: skip
