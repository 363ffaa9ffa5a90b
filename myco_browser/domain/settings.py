"""Every setting, declared once: key, kind, default, and the sentence what it does and costs."""

from __future__ import annotations

from typing import Any

from myco_browser.domain.controls import (
    Address,
    Choice,
    EngineTable,
    Folder,
    Group,
    Identifier,
    Number,
    Setting,
    SwitchTable,
    Toggle,
)
from myco_browser.domain.mail_settings import MAIL_SETTINGS
from myco_browser.domain.messages import N_
from myco_browser.domain.reader_look import READER_SETTINGS
from myco_browser.domain.search_engines import (
    DEFAULT_ENGINE,
    SearchEngine,
    builtin_engines,
    find_engine,
)
from myco_browser.domain.settings_kept import HISTORY_KEPT
from myco_browser.domain.settings_motion import MOTION
from myco_browser.domain.settings_network import RESOLVER, RESOLVER_ADDRESS
from myco_browser.domain.settings_private import (
    NEW_WINDOWS_INVISIBLE,
    PRIVATE_FIXED_SCALE,
    PRIVATE_JAVASCRIPT,
    PRIVATE_PDF_VIEWER,
    PRIVATE_TUNNEL,
)
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.domain.spelling import SPELLING

START_PAGE = "myco://start/"

LANGUAGE = Setting(
    "general.language",
    Choice((("system", N_("Language of the desktop")), ("en", "English"), ("fr", "Français"))),
    "system",
    "system",
    Group.GENERAL,
    N_("Language"),
    restart=True,
)
THEME = Setting(
    "general.theme",
    Choice(
        (("system", N_("Like the desktop")), ("light", N_("Light")), ("dark", N_("Dark"))),
    ),
    "system",
    "system",
    Group.GENERAL,
    N_("Colours"),
)
DEFAULT_ZOOM = Setting(
    "general.zoom",
    Number(30, 500, 10, "%"),
    100,
    100,
    Group.GENERAL,
    N_("Zoom of pages"),
    N_("Pages where you chose another zoom keep it."),
)
GRAPHICS = Setting(
    "general.graphics",
    Choice(
        (
            ("auto", N_("Automatic")),
            ("card", N_("With the graphics card")),
            ("software", N_("Without the graphics card")),
        ),
    ),
    "auto",
    "software",
    Group.GENERAL,
    N_("Draw pages"),
    N_("Without the graphics card, 3D graphics (WebGL) is off and pages scroll less smoothly."),
    restart=True,
)
HOME_PAGE = Setting(
    "start.home",
    Address(),
    START_PAGE,
    START_PAGE,
    Group.START,
    N_("Home page"),
    N_("A page from the network is asked for each time a home page is shown."),
)
RESTORE_TABS = Setting(
    "start.restore",
    Toggle(),
    True,
    True,
    Group.START,
    N_("Open the tabs of the last time"),
    N_("Restored tabs load only when you look at them."),
)
DISCARD_AFTER = Setting(
    "tabs.discard_after",
    Number(0, 1440, 5, N_("minutes")),
    30,
    30,
    Group.START,
    N_("Put tabs to sleep that were not seen for"),
    N_("Sleeping tabs need little memory and load again when shown. 0 keeps all awake."),
)
MIDDLE_CLICK_BACKGROUND = Setting(
    "tabs.middle_click_background",
    Toggle(),
    True,
    True,
    Group.START,
    N_("Open tabs in the background on a middle click"),
)
BOOKMARKS_BAR = Setting(
    "general.bookmarks_bar",
    Toggle(),
    True,
    True,
    Group.GENERAL,
    N_("Show the bookmarks bar"),
    N_("While there is something on it. Ctrl+Shift+B shows and hides it."),
)
SEARCH_ENGINE = Setting(
    "search.engine",
    Identifier(),
    DEFAULT_ENGINE,
    DEFAULT_ENGINE,
    Group.SEARCH,
    N_("Search engine"),
    N_("What you search for is sent to it when you press Enter, and nothing before that."),
)
USER_ENGINES: Setting[tuple[SearchEngine, ...]] = Setting(
    "search.engines",
    EngineTable(),
    (),
    (),
    Group.SEARCH,
    N_("Your own search engines"),
)
BLOCKING = Setting(
    "blocking.enabled",
    Toggle(),
    True,
    True,
    Group.BLOCKING,
    N_("Block ads and trackers"),
    N_(
        "A page that needs what is blocked may not work; the shield at the right of the address "
        "switches it off for one site."
    ),
)
COOKIE_BANNERS = Setting(
    "blocking.cookie_banners",
    Toggle(),
    False,
    False,
    Group.BLOCKING,
    N_("Refuse cookie banners"),
    N_(
        "The usual consent tools are answered with “reject”; other banners are hidden. A few pages "
        "may look odd, and sites can count the refusal."
    ),
)
CLEAN_LINKS = Setting(
    "blocking.clean_links",
    Toggle(),
    True,
    True,
    Group.BLOCKING,
    N_("Clean links"),
    N_(
        "Takes tracking words out of addresses, and skips pages that only redirect. A page that "
        "insists on such a word loads again with it."
    ),
)
LIST_CHOICES: Setting[tuple[tuple[str, bool], ...]] = Setting(
    "blocking.lists",
    SwitchTable(),
    (),
    (),
    Group.LISTS,
    N_("Filter lists"),
    N_("More lists block more, need more memory and break more pages."),
)
LIST_UPDATES = Setting(
    "blocking.updates",
    Toggle(),
    True,
    True,
    Group.LISTS,
    N_("Update filter lists"),
    N_(
        "The servers of the lists see that somebody asks, and from which address. Without it, new "
        "ads and trackers get through."
    ),
)
LIST_INTERVAL = Setting(
    "blocking.update_hours",
    Number(1, 336, 1, N_("hours")),
    24,
    24,
    Group.LISTS,
    N_("Look for new filter lists every"),
    N_("A list that asks for a longer interval is asked less often."),
)
LISTS_ON_METERED = Setting(
    "blocking.updates_on_metered",
    Toggle(),
    False,
    False,
    Group.LISTS,
    N_("Update filter lists on connections that are paid by volume"),
    N_("Costs some megabytes a week. Without it, the lists grow old while you travel."),
)
JAVASCRIPT = Setting(
    "content.javascript",
    Toggle(),
    True,
    False,
    Group.CONTENT,
    N_("Allow JavaScript"),
    N_("Most pages do not work without it. You can choose otherwise for one site."),
)
AUTOPLAY = Setting(
    "content.autoplay",
    Toggle(),
    False,
    False,
    Group.CONTENT,
    N_("Let pages play sound and video by themselves"),
    N_("Pages then load sound and video, and play them, before you have asked for it."),
)
PDF_VIEWER = Setting(
    "content.pdf_viewer",
    Toggle(),
    True,
    False,
    Group.CONTENT,
    N_("Show PDF files in the browser"),
    N_("Otherwise they are downloaded. PDF is a complex format, and viewers have had holes."),
)
DOWNLOAD_FOLDER = Setting(
    "downloads.folder",
    Folder(),
    "",
    "",
    Group.DOWNLOADS,
    N_("Folder for downloads"),
    N_("What you download stays there, also from private windows."),
)
ASK_DOWNLOAD = Setting(
    "downloads.ask",
    Toggle(),
    False,
    True,
    Group.DOWNLOADS,
    N_("Ask where to save each file"),
    N_("In private windows you are always asked."),
)
HTTPS_FIRST = Setting(
    "content.https_first",
    Toggle(),
    True,
    True,
    Group.CONTENT,
    N_("Ask for pages by encrypted connection first"),
    N_(
        "Where a site has none, you are asked before anything goes over the line in the clear: one "
        "question more on old sites."
    ),
)
FORGET_CLOSED = Setting(
    "content.forget_closed",
    Toggle(),
    True,
    True,
    Group.CONTENT,
    N_("Forget a site when its last tab is closed"),
    N_("You are logged out of it then. The panel at the left of the address keeps single sites."),
)
UNIFORM_FONTS = Setting(
    "identity.fonts",
    Toggle(),
    True,
    True,
    Group.CONTENT,
    N_("Draw pages with the same fonts as everybody"),
    N_(
        "The fonts that you installed tell your computer from others. Without this, pages may look "
        "nicer, and can recognise you."
    ),
    restart=True,
)
VPN_AT_START = Setting(
    "vpn.at_start",
    Toggle(),
    False,
    True,
    Group.VPN,
    N_("Connect when Myco starts"),
    N_("With the exit that you used last. Nothing leaves before the tunnel stands."),
)
VPN_UNTRUSTED = Setting(
    "vpn.untrusted",
    Toggle(),
    False,
    True,
    Group.VPN,
    N_("Connect on networks that you do not trust"),
    N_("You mark networks as trusted in the VPN's panel; one that cannot be recognised is not."),
)
ALL: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    DEFAULT_ZOOM,
    GRAPHICS,
    MOTION,
    BOOKMARKS_BAR,
    RESTORE_TABS,
    HOME_PAGE,
    DISCARD_AFTER,
    MIDDLE_CLICK_BACKGROUND,
    SEARCH_ENGINE,
    USER_ENGINES,
    BLOCKING,
    COOKIE_BANNERS,
    CLEAN_LINKS,
    LIST_CHOICES,
    LIST_UPDATES,
    LIST_INTERVAL,
    LISTS_ON_METERED,
    JAVASCRIPT,
    AUTOPLAY,
    PDF_VIEWER,
    SPELLING,
    *READER_SETTINGS,
    DOWNLOAD_FOLDER,
    ASK_DOWNLOAD,
    HTTPS_FIRST,
    FORGET_CLOSED,
    HISTORY_KEPT,
    UNIFORM_FONTS,
    RESOLVER,
    RESOLVER_ADDRESS,
    NEW_WINDOWS_INVISIBLE,
    PRIVATE_TUNNEL,
    VPN_AT_START,
    VPN_UNTRUSTED,
    PRIVATE_FIXED_SCALE,
    PRIVATE_JAVASCRIPT,
    PRIVATE_PDF_VIEWER,
    *MAIL_SETTINGS,
)


def engines_of(settings: Settings, language: str) -> tuple[SearchEngine, ...]:
    """All engines of a snapshot, the built-in ones first."""
    return (*builtin_engines(language), *settings[USER_ENGINES])


def default_engine_of(settings: Settings, language: str) -> SearchEngine:
    """The engine to search with; the first built-in one if the chosen one is gone."""
    return find_engine(engines_of(settings, language), settings[SEARCH_ENGINE])


def is_list_enabled(settings: Settings, list_id: str, catalogue_default: bool) -> bool:
    """Is a filter list on: the user's choice, else the catalogue's?"""
    choices = settings[LIST_CHOICES]
    return next((on for key, on in choices if key == list_id), catalogue_default)
