"""What the browser tells of itself: its versions and their age, its confinement, its settings."""

from __future__ import annotations

import datetime
import json
from html import escape

from PyQt6.QtCore import PYQT_VERSION_STR, QDate, QLocale
from PyQt6.QtWebEngineCore import (
    qWebEngineChromiumSecurityPatchVersion,
    qWebEngineChromiumVersion,
    qWebEngineVersion,
)

from myco_browser import __version__
from myco_browser.domain.engine_age import engine_age
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.system.sandbox import Confinement
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.own_pages import fill
from myco_browser.ui.theme import Face


def version_page(
    face: Face,
    language: str,
    sealed: bool,
    reason: str,
    confined: Confinement,
    today: datetime.date,
) -> str:
    """Versions, how old the engine is, and how this session is confined."""
    patched = qWebEngineChromiumSecurityPatchVersion() or ""
    rows = (
        ("Myco Browser", __version__),
        ("PyQt", PYQT_VERSION_STR),
        ("QtWebEngine", qWebEngineVersion() or ""),
        (_("Chromium base"), qWebEngineChromiumVersion() or ""),
        (_("Chromium security patches up to"), patched),
        (_("Age of these patches"), _age(patched, today, language)),
        (
            _("Session"),
            _("sealed by the kernel")
            if sealed
            else _("not sealed: {reason}").format(reason=reason),
        ),
        (_("Sandbox of pages"), _sandbox(confined)),
        (_("Licence"), "GPL-3.0-only"),
    )
    table = "".join(f"<tr><td>{escape(k)}</td><td>{escape(v)}</td></tr>" for k, v in rows)
    note = _("The engine follows Chromium’s stable releases by weeks, not days: fixes reach it "
             "later than Chrome. The age counts from the day on which Debian had that release; "
             "the list of releases is as old as this version of Myco.")  # fmt: skip
    body = f'<p class="quiet">{escape(note)}</p><table>{table}</table>'
    return fill("plain.html", face, language, title=_("About Myco Browser"), body=body)


def config_page(face: Face, language: str, settings: Settings) -> str:
    """Every setting with its value, to be read; changed in the settings window."""
    rows = ""
    for one in sorted(ALL, key=lambda setting: setting.key):
        value, is_changed = settings[one], settings[one] != one.default
        shown = json.dumps(one.write(value), ensure_ascii=False)
        usual = json.dumps(one.write(one.default), ensure_ascii=False)
        strong = "b" if is_changed else "span"
        mark = _("changed") if is_changed else ""
        rows += (
            f"<tr><td><{strong}>{escape(one.key)}</{strong}></td><td>{escape(shown)}</td>"
            f"<td>{escape(usual)}</td><td>{escape(mark)}</td></tr>"
        )
    heads = "".join(
        f"<th>{escape(text)}</th>" for text in (_("Key"), _("Value"), _("Usual value"), "")
    )
    note = _("To change one, open the settings (Ctrl+,) and choose “All settings”.")
    body = f'<p class="quiet">{escape(note)}</p><table><tr>{heads}</tr>{rows}</table>'
    return fill("plain.html", face, language, title=_("All settings"), body=body)


def _age(patched: str, today: datetime.date, language: str) -> str:
    age = engine_age(patched, today)
    if age is None:
        return _("not known")
    day = QLocale(language).toString(
        QDate(age.since.year, age.since.month, age.since.day), QLocale.FormatType.LongFormat
    )
    text = ngettext("{days} day, since {day}", "{days} days, since {day}", age.days)
    text = text.format(days=age.days, day=day)
    if not age.missed:
        return text
    missed = ngettext(
        "{count} newer release is known: {newest}",
        "{count} newer releases are known, the last is {newest}",
        age.missed,
    )
    return f"{text} – {missed.format(count=age.missed, newest=age.newest)}"


def _sandbox(confined: Confinement) -> str:
    if confined.is_whole:
        text = ngettext(
            "on: {count} process, with a filter of system calls and a user namespace of its own",
            "on: {count} processes, each with a filter of system calls and a user namespace of "
            "its own",
            confined.renderers,
        )
        return text.format(count=confined.renderers)
    text = _("not whole: of {count} processes {filtered} have a filter of system calls, {apart} a "
             "user namespace of their own")  # fmt: skip
    return text.format(count=confined.renderers, filtered=confined.filtered, apart=confined.apart)
