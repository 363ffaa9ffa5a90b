"""The text of the browser's own pages, made when they are asked for. No scripts in them."""

from __future__ import annotations

import base64
from html import escape
from string import Template

from PyQt6.QtGui import QKeySequence

from myco_browser.domain.search_engines import SearchEngine
from myco_browser.domain.shortcuts import SHORTCUTS, Section
from myco_browser.domain.urls import show_url
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import Face, is_dark
from myco_resources import read_icon, read_page


def start_page(
    face: Face,
    language: str,
    engine: SearchEngine,
    facts: list[tuple[str, str, str, bool]],
    pinned: list[tuple[str, str]],
    often: list[tuple[str, str]],
) -> str:
    """The start page. `facts` are (icon, title, text, is fine), places (address, title)."""
    cards = "".join(
        f'<li class="{"" if fine else "warn"}">{read_icon(name)}<b>{escape(title)}</b>'
        f"<span>{escape(text)}</span></li>"
        for name, title, text, fine in facts
    )
    body = f'<ul class="facts">{cards}</ul>'
    for heading, places in ((_("Where you often go"), often), (_("Pinned"), pinned)):
        if places:
            tiles = "".join(_tile(url, title) for url, title in places)
            body = f'<h2>{escape(heading)}</h2><ul class="sites">{tiles}</ul>{body}'
    label = _("Search with {engine} or type an address").format(engine=engine.name)
    return fill(
        "start.html", face, language, title=_("Start page"), heading="Myco Browser",
        intro=_("A browser that keeps your business to you."), search_label=label,
        search_button=_("Go"), mark=mark("myco"), body=body,
    )  # fmt: skip


def private_page(
    face: Face, language: str, engine: SearchEngine, number: int, *, swaps: bool
) -> str:
    """The start page of a private window: what is hidden and what is not.

    `swaps`: the system may write memory to a disk that is not encrypted.
    """
    hidden = (
        _("History, cookies and files of pages: they are in memory only and go when the last "
          "window of this session closes."),
        _("This session from your other windows: it runs in a process of its own and shares "
          "nothing with them."),
    )  # fmt: skip
    not_hidden: tuple[str, ...] = (
        _("Your internet address: sites, your provider and the network you use can still see "
          "who connects where."),
        _("Who you are, once you sign in to a site."),
        _("Files that you download: they stay."),
    )  # fmt: skip
    if swaps:
        not_hidden += (
            _("What this computer writes from memory to its disk (swap): the disk is not "
              "encrypted there, and programs like this one may not keep their memory from it."),
        )  # fmt: skip
    columns = ((_("What is not kept"), hidden), (_("What is not hidden"), not_hidden))
    body = "".join(
        f"<div><h2>{escape(title)}</h2>{_bullets(texts)}</div>" for title, texts in columns
    )
    body = f'<div class="columns">{body}</div>'
    label = _("Search with {engine} or type an address").format(engine=engine.name)
    return fill(
        "start.html", face, language, title=_("Private window"),
        heading=_("Private window {number}").format(number=number),
        intro=_("Nothing of it is kept when you close it."), search_label=label,
        search_button=_("Go"), mark=mark("myco-private"), body=body,
    )  # fmt: skip


def shortcuts_page(face: Face, language: str) -> str:
    """All keys, from the one table."""
    parts = []
    for section in Section:
        rows = "".join(
            f"<tr><td>{escape(_(one.title))}</td><td>{_keys(one.keys)}</td></tr>"
            for one in SHORTCUTS
            if one.section is section and one.keys
        )
        if section is Section.TABS:
            title = escape(_("Tab 1 to 8"))
            rows += f"<tr><td>{title}</td><td>{_keys(('Ctrl+1…8', 'Alt+1…8'))}</td></tr>"
        parts.append(f"<h2>{escape(_(section.value))}</h2><table>{rows}</table>")
    address = "".join(
        f"<tr><td>{escape(text)}</td><td>{_keys(keys)}</td></tr>"
        for text, keys in (
            (_("Open what was typed in a new tab"), ("Alt+Enter",)),
            (_("Search, even if it looks like an address"), (_("? words"),)),
            (_("Search with another engine"), (_("w words"), _("ddg words"))),
        )
    )
    title = escape(_("In the address bar"))
    parts.append(f"<h2>{title}</h2><table>{address}</table>")
    return fill("plain.html", face, language, title=_("Keyboard shortcuts"), body="".join(parts))


def fill(name: str, face: Face, language: str, *, body: str, **texts: str) -> str:
    """A page from its template; `texts` are escaped, `body` is HTML already."""
    colours = {key: str(value) for key, value in face._asdict().items()}
    colours["scheme"] = "dark" if is_dark(face) else "light"
    style = Template(read_page("base.css")).substitute(colours)
    values = {key: escape(text) for key, text in texts.items()}
    template = Template(read_page(name))
    return template.safe_substitute(colours | values | {"lang": language, "body": body}).replace(
        "$style", style
    )


def _tile(url: str, title: str) -> str:
    shown = show_url(url)
    name = shown.domain or shown.text
    return (
        f'<li><a href="{escape(url)}" title="{escape(title)}">'
        f"<b>{escape(name[:1].upper())}</b>{escape(name)}</a></li>"
    )


def _bullets(texts: tuple[str, ...]) -> str:
    return '<ul class="plain">' + "".join(f"<li>{escape(t)}</li>" for t in texts) + "</ul>"


def _keys(keys: tuple[str, ...]) -> str:
    return " ".join(f"<kbd>{escape(_named(key))}</kbd>" for key in keys)


def _named(key: str) -> str:
    """As menus name it in the user's language; what is no single key stays as it is."""
    sequence = QKeySequence(key)
    is_one = sequence.toString(QKeySequence.SequenceFormat.PortableText) == key
    return sequence.toString(QKeySequence.SequenceFormat.NativeText) if is_one else key


def mark(name: str) -> str:
    """An icon as a data: address."""
    encoded = base64.b64encode(read_icon(name).encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"
