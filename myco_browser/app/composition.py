"""Builds the objects of a session process and joins ports to adapters. Nothing else lives here."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QObject, QSocketNotifier, QTimer
from PyQt6.QtGui import QGuiApplication

from myco_browser.app.beside import begin_beside
from myco_browser.app.certificates import certificates_by
from myco_browser.app.clearing import Clearing
from myco_browser.app.clipboard import leave_clipboard
from myco_browser.app.content import apply_content
from myco_browser.app.downloads import Downloads
from myco_browser.app.drawing import join_drawing
from myco_browser.app.engine_change import change_engine
from myco_browser.app.files import LateCloud
from myco_browser.app.following import follow_choices
from myco_browser.app.forgetting import forgetting_of
from myco_browser.app.list_keeper import KeeperFacts, ListKeeper
from myco_browser.app.mail import join_mail
from myco_browser.app.pages import renderers
from myco_browser.app.self_testing import SelfTesting
from myco_browser.app.state_keeping import StateKeeper
from myco_browser.app.troubles import Troubles
from myco_browser.app.visits import Records
from myco_browser.app.welcome import WELCOME_PAGE, Welcome
from myco_browser.bridge.idle import IdleSteps
from myco_browser.bridge.launcher_link import LauncherLink
from myco_browser.bridge.tunnel import TunnelControl
from myco_browser.bridge.worker import Worker
from myco_browser.domain.settings import (
    BLOCKING,
    COOKIE_BANNERS,
    HTTPS_FIRST,
    RESTORE_TABS,
    THEME,
)
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.dial_screen import HostFacts
from myco_browser.services.download_store import DownloadStore
from myco_browser.services.own_filters import OWN_FILE, OwnFilters
from myco_browser.services.passwords import Passwords
from myco_browser.services.pins import Pins
from myco_browser.services.request_log import RequestLog
from myco_browser.services.request_policy import first_snapshot
from myco_browser.services.site_store import SiteStore
from myco_browser.ui.actions import WindowActions
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import choose_language, install
from myco_browser.ui.menus import WindowMenus
from myco_browser.ui.preferences_opener import PreferencesOpener
from myco_browser.ui.qt_texts import translate_qt
from myco_browser.ui.session_notices import SessionNotices, missing_fonts, tell_problems
from myco_browser.ui.theme import Face, choose_face, palette_of, style_sheet
from myco_browser.ui.tunnel_import import join_tunnel
from myco_browser.ui.window import BrowserWindow
from myco_browser.ui.windows import WindowManager
from myco_browser.web.block_log import BlockLog
from myco_browser.web.canary import Canary, new_canary
from myco_browser.web.clearing import EngineClearing
from myco_browser.web.fresh_identity import fresh_identities
from myco_browser.web.https_first import HttpsFirst
from myco_browser.web.interceptor import Interceptor
from myco_browser.web.page_filters import page_filters
from myco_browser.web.permission_desk import PermissionDesk
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile import build_profile
from myco_browser.web.schemes import OwnPages
from myco_browser.web.site_agents import SiteAgents
from myco_filters.engine import Engine
from myco_vpn.engineproxy import uses_own_loopback
from myco_vpn.framing import MessageSocket
from myco_vpn.link import Attached, DialQuestion, DoorGone, DoorLink, ExitChanged

if TYPE_CHECKING:
    from myco_browser.app.__main__ import Greeting
    from myco_browser.app.opening import Opening

_log = logging.getLogger("myco_browser")

# Work beside the window takes its turns from the Qt thread, which is loading the first page.
_LISTS_AFTER_MS = 1500


def run(
    opening: Opening,
    greeting: Greeting,
    messages: MessageSocket,
    door_fd: int,
    ports: Sequence[int],
    *,
    sealed: bool,
    reason: str,
    led_by: Callable[[WindowManager], object] | None = None,
) -> int:
    """Builds the session, runs it, and returns the exit status."""
    translate_qt(opening.application, opening.language)
    session = Session(opening, greeting, messages, door_fd, ports, sealed=sealed, reason=reason)
    session.start()
    join_drawing(opening.drawing, opening.settings, session.windows)
    leader = None if led_by is None else led_by(session.windows)
    gc.freeze()
    gc.enable()
    status = opening.application.exec()
    del leader
    session.end()
    return status


class Session(QObject):
    """Owns everything that lives as long as the session."""

    def __init__(
        self,
        opening: Opening, greeting: Greeting, messages: MessageSocket, door_fd: int,
        door_ports: Sequence[int], *, sealed: bool, reason: str,
    ) -> None:  # fmt: skip
        super().__init__()
        self._application = application = opening.application
        self._greeting = greeting
        self._settings = settings = opening.settings
        self._fonts_are_here = opening.fonts_are_here
        self._language = language = opening.language
        self._active = False
        self._warming = IdleSteps(_LISTS_AFTER_MS, self)
        private = greeting.private
        profile_dir = Path(greeting.profile) if greeting.profile else None
        kept = Path(greeting.lists_from)
        self._door = DoorLink(socket.socket(fileno=door_fd), uses_own_loopback(door_ports, sealed))
        self._launcher = LauncherLink(messages)
        self._tunnel = TunnelControl(self._launcher)
        self._face = self._choose_face()
        application.setPalette(palette_of(self._face))
        application.setStyleSheet(style_sheet(self._face))
        self._sites = SiteStore(profile_dir / "sites.json" if profile_dir else None)
        self._troubles = Troubles()
        self._troubles.look_at(profile_dir)
        self._records = records = Records.open(profile_dir, kept, self._troubles.set_aside)
        self._blocked = BlockLog()
        self._requests = RequestLog()
        self._worker = Worker()
        identity = opening.identity
        self._lists = ListKeeper(
            KeeperFacts(opening.places, language, identity.user_agent, door_ports[0]),
            settings,
            self._worker,
            self._door,
            self._use_engine,
            opening.load_filters,
        )
        self._interceptor = Interceptor(
            identity,
            HttpsFirst(on=settings.settings[HTTPS_FIRST]),
            first_snapshot(self._lists.late_engine, self._sites.sites, settings.settings[BLOCKING]),
            self._blocked,
            self._requests,
            self._door.grant_local,
            SiteAgents(self._sites),
        )
        policy = PolicyControl(self._interceptor, self._sites.remember)
        follow_choices(settings, self._sites, policy, self._launcher)
        own_filters = OwnFilters(kept / OWN_FILE, writable=not private)
        self._welcome = Welcome(
            profile_dir, settings, self._lists, self._current_context, lambda: self._manager,
            self._speak,
        )  # fmt: skip
        self._self_testing = testing = SelfTesting(self._launcher, self._current_context)
        self._pages = OwnPages(
            {
                **renderers(self._current_context, records.history),
                **self._welcome.pages,
                "selftest": testing.page,
            },
            {**self._welcome.forms, "selftest": testing.answer},
            self,
        )
        profile = build_profile(
            profile_dir,
            Path(greeting.cache) / "engine" if greeting.cache else None,
            identity,
            self._interceptor,
            self._pages,
            self,
        )
        face = (identity, policy, self._interceptor, own_filters)
        clearing = Clearing(EngineClearing(profile), self._sites, records)
        self._context = Context(
            name=greeting.name,
            private=private,
            number=greeting.number,
            sealed=sealed,
            seal_reason=reason,
            identity=identity,
            language=language,
            face=self._face,
            profile=profile,
            policy=policy,
            page_filters=page_filters(profile, *face, lambda: settings.settings[COOKIE_BANNERS]),
            fresh_identity=fresh_identities(self._pages, *face),
            inspections=opening.inspections,
            permissions=PermissionDesk(self._sites, identity, self),
            blocked=self._blocked,
            requests=self._requests,
            door=self._door,
            launcher=self._launcher,
            visits=records.visits(self._note_activity, self._troubles.not_kept, settings),
            sites=self._sites,
            settings=settings,
            pins=Pins(profile_dir / "pins.json" if profile_dir else None),
            lists=self._lists,
            beside=self._worker,
            forgetting=clearing,
            bookmarks=records.bookmarks,
            reading=records.reading,
            passwords=Passwords(kept, self._worker, writable=not private),
            certificates=certificates_by(self._worker, ("127.0.0.1", door_ports[0])),
            own_filters=own_filters,
            tunnel=self._tunnel,
            cloud=None if private else LateCloud(lambda: self._mail),
        )
        apply_content(self._context)
        self._mail = join_mail(
            profile_dir, door_ports[0], self._current_context, lambda: self._manager, self._worker
        )
        self._state = StateKeeper(profile_dir, self._launcher)
        self._manager = WindowManager(self._context, self._equip)
        self._downloads = Downloads(
            self._current_context,
            self._manager,
            records.downloads or DownloadStore(None, self._troubles.set_aside),
            self._worker,
            ("127.0.0.1", door_ports[0]),
            self,
        )
        self._preferences = PreferencesOpener(self._current_context, self._manager)
        self._notices = SessionNotices()
        self._forgetting = forgetting_of(
            profile_dir, self._context, self._manager, self._interceptor, self
        )
        clearing.join(self._forgetting, self._manager.load_again)
        self._canary: Canary | None = None
        self._connect()

    def start(self) -> None:
        """Shows the first window and starts what runs beside it."""
        greeting = self._greeting
        state = self._state.to_restore(greeting, wanted=self._settings.settings[RESTORE_TABS])
        restored, opens_urls = False, bool(greeting.urls)
        if state is not None:
            restored = self._manager.restore(state, hold_last=opens_urls)
        if not restored and not opens_urls and self._welcome.take():
            self._manager.open_urls([WELCOME_PAGE], new_window=False)
        elif opens_urls or not restored:
            self._manager.open_urls(list(self._greeting.urls), new_window=False)
        # The page's process starts now, beside this thread; the filters are loaded meanwhile.
        self._lists.late_engine.start()
        self._launcher.tell_ready()
        self._tunnel.look()
        begin_beside(self._context, self._settings, self._manager, self._worker, self)
        if (window := self._manager.active_window()) is not None:
            if self._greeting.private and not self._fonts_are_here:
                window.tell("warning", missing_fonts())
            tell_problems(window, (*self._settings.problems, *self._sites.problems))
            self._troubles.join(self._manager.active_window)
        if self._mail is not None:
            self._mail.start()
        if not self._greeting.private:
            QTimer.singleShot(_LISTS_AFTER_MS, self._lists.compile)

    @property
    def windows(self) -> WindowManager:
        """All windows of the session."""
        return self._manager

    def end(self) -> None:
        """Keeps what has to be kept, then lets everything go."""
        if self._mail is not None:
            self._mail.end()
        self._worker.stop()
        self._forgetting.delete_last_files()
        self._state.close()
        self._records.close()

    # Construction

    def _equip(self, window: BrowserWindow) -> None:
        actions = WindowActions(window, self._manager, self._preferences.open, self._downloads.show)
        WindowMenus(window, self._manager, actions)
        self._downloads.equip(window)
        if self._mail is not None:
            self._mail.equip(window)

    def _connect(self) -> None:
        launcher = self._launcher
        launcher.open_wanted.connect(
            lambda urls, new: self._manager.open_urls(urls, new_window=new)
        )
        launcher.quit_wanted.connect(self._manager.close_all)
        launcher.noticed.connect(self._show_notice)
        launcher.gone.connect(self._application.quit)
        self._self_testing.join(self._manager)
        join_tunnel(self._tunnel, self._manager)
        self._manager.state_ready.connect(self._state.keep)
        self._manager.last_closed.connect(self._on_last_closed)
        self._settings.observe(self._on_settings)
        self._context.own_filters.observe(self._lists.compile)
        if (hints := QGuiApplication.styleHints()) is not None:
            hints.colorSchemeChanged.connect(self._dress)
        self._door_notifier = QSocketNotifier(
            sip.voidptr(self._door.fileno()), QSocketNotifier.Type.Read, self
        )
        self._door_notifier.activated.connect(self._on_door_news)

    def _current_context(self) -> Context:
        return self._context

    # Events

    def _on_last_closed(self) -> None:
        if self._canary is not None:
            self._canary.end()
        self._forgetting.end()
        self._downloads.end()
        copied = self._greeting.private and leave_clipboard(others=self._launcher.others)
        self._launcher.tell_closing(copied=copied)
        self._application.quit()

    def _on_door_news(self) -> None:
        for event in self._door.drain():
            if isinstance(event, DoorGone):
                self._door_notifier.setEnabled(False)
            elif isinstance(event, ExitChanged | Attached):
                if self._mail is not None:
                    self._mail.network_changed()
            elif isinstance(event, DialQuestion):
                facts = HostFacts(event.alias, event.addresses)
                allowed = self._interceptor.screen.may_dial(event.host, facts)
                self._door.answer_dial(event, allowed)

    def _show_notice(self, name: str, arguments: dict[str, object]) -> None:
        if (window := self._manager.active_window()) is not None:
            self._notices.show(window, name, arguments)

    def _on_settings(self, before: Settings, after: Settings) -> None:
        self._context.policy.set_blocking(after[BLOCKING])
        self._context.policy.https.on = after[HTTPS_FIRST]
        apply_content(self._context)
        if before[THEME] != after[THEME]:
            self._dress()
        self._lists.settings_changed(before)
        if self._mail is not None:
            self._mail.settings_changed(before, after)

    def _choose_face(self) -> Face:
        number = self._greeting.number if self._greeting.private else None
        return choose_face(self._settings.settings[THEME], number)

    def _speak(self, wish: str) -> None:
        """Shows everything in another language at once; sites are told it at the next start."""
        language = choose_language(wish)
        if language != self._context.language:
            install(language)
            self._context = self._context._replace(language=language)
            self._manager.dress(self._context)

    def _dress(self) -> None:
        """Takes the colours that the desktop or the user wants now."""
        face = self._choose_face()
        if face == self._context.face:
            return
        self._application.setPalette(palette_of(face))
        self._application.setStyleSheet(style_sheet(face))
        self._context = self._context._replace(face=face)
        self._manager.dress(self._context)

    def _use_engine(self, engine: Engine, is_first: bool) -> None:
        # Newer lists may have been compiled before the first engine was loaded.
        policy = self._context.policy
        if not is_first or policy.snapshot.engine is self._lists.late_engine:
            change_engine(policy, engine, self._warming, self._worker)

    def _note_activity(self) -> None:
        # The first page of the web: from now on the lists may be kept fresh, and traces be left.
        if self._active:
            return
        self._active = True
        if self._greeting.private:
            word = new_canary()
            self._launcher.tell_canary(word)
            self._canary = Canary(self._context.profile, word)
        else:
            self._lists.keep_fresh()
