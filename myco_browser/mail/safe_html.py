"""HTML of a stranger made safe to show: only what is on our lists stays.

No script, style sheet, frame, form, link to a resource or connection survives. Pictures of the
message itself become `picture/N`, those elsewhere are kept only when the user allowed it. What is
shown is guarded again by a content policy, a profile of its own and an interceptor; this layer is
the one that also stops connections without a request.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q",
    "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u",
    "ul", "var", "wbr",
}  # fmt: skip
_EVERYWHERE = {"style", "dir", "lang", "title", "align", "valign", "width", "height", "bgcolor"}
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt", "border"}, "font": {"color", "face", "size"},
    "td": {"colspan", "rowspan", "nowrap"}, "th": {"colspan", "rowspan", "nowrap"},
    "table": {"border", "cellpadding", "cellspacing"}, "col": {"span"}, "ol": {"start", "type"},
    "ul": {"type"}, "li": {"value"}, "hr": {"size", "color"}, "details": {"open"},
}  # fmt: skip
_PROPERTIES = frozenset({
    "background-color", "color", "direction", "display", "float", "clear", "line-height",
    "letter-spacing", "text-align", "text-decoration", "text-indent", "text-transform",
    "vertical-align", "white-space", "word-break", "overflow-wrap", "width", "max-width",
    "min-width", "height", "max-height", "min-height", "border-collapse", "border-spacing",
    "table-layout", "list-style-type", "opacity", "box-sizing", "background",
})  # fmt: skip
_FAMILIES = ("font", "border", "margin", "padding")
_BAD_VALUE = re.compile(r"[\\@<>{}\x00-\x1f]|/\*|url|image|expression|element\(|attr\(|var\(|src\(")
_URL_IN_STYLE = re.compile(r"(?i)url\(\s*['\"]?\s*((?:https?:)?//[^'\")\s]{1,2000})")
_DATA_PICTURE = re.compile(r"(?i)data:image/(?:png|gif|jpe?g|webp)[;,]")
_HOST = re.compile(r"(?i)^\s*(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?:[/:?#]\S*)?\s*$")
_DISPLAYS = re.compile(r"(?i)^\s*(?:none|block|inline|inline-block|table[a-z-]*|list-item)\s*$")


@dataclass(slots=True)
class Safe:
    """What may be shown, and what it would ask for."""

    html: str
    remote: list[str] = field(default_factory=list)
    """What it would load from elsewhere, each once."""


def make_safe(html: str, pictures: Mapping[str, int], *, remote: bool) -> Safe:
    """`html` with only what is safe; `pictures` has the numbers by Content-ID.

    With `remote`, pictures from elsewhere stay in it.
    """
    found: dict[str, None] = {}

    def look(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            found.update(dict.fromkeys(_absolute(one) for one in _URL_IN_STYLE.findall(value)))
            return _style(value) or None
        if tag == "img" and attribute == "src":
            return _picture(value.strip(), pictures, found, remote)
        if tag == "a" and attribute == "href":
            return value if _may_link(value.strip()) else None
        return value

    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript", "noembed"},
        attributes={tag: _EVERYWHERE | _ATTRIBUTES.get(tag, set()) for tag in _TAGS},
        attribute_filter=look,
        url_schemes={"http", "https", "mailto", "data", "cid"},
        link_rel="noreferrer noopener nofollow",
        strip_comments=True,
    )
    return Safe(clean, list(found))


def _picture(
    value: str, pictures: Mapping[str, int], found: dict[str, None], remote: bool
) -> str | None:
    lower = value[:12].lower()
    if lower.startswith("cid:"):
        number = pictures.get(_unquoted(value[4:]))
        return f"picture/{number}" if number is not None else None
    if lower.startswith(("http://", "https://", "//")):
        url = _absolute(value)
        found[url] = None
        return url if remote else None
    return value if _DATA_PICTURE.match(value) else None


def _absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url


def _unquoted(identifier: str) -> str:
    from urllib.parse import unquote

    return unquote(identifier)


def _may_link(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https", "mailto")


def _style(value: str) -> str:
    """The declarations that only change how text looks."""
    kept = []
    for declaration in value[:20_000].split(";"):
        name, colon, wanted = declaration.partition(":")
        name, wanted = name.strip().lower(), wanted.strip()
        known = name in _PROPERTIES or name.split("-")[0] in _FAMILIES
        if not colon or not known or _BAD_VALUE.search(wanted.lower()):
            continue
        if name == "display" and not _DISPLAYS.match(wanted):
            continue
        kept.append(f"{name}:{wanted}")
    return ";".join(kept)


def deceiving_links(html: str) -> dict[str, str]:
    """Links of safe `html` whose text names another site than they lead to: target to text."""
    reader = _LinkReader()
    reader.feed(html)
    reader.close()
    return reader.deceiving


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.deceiving: dict[str, str] = {}
        self._href = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href = dict(attrs).get("href") or ""
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._href:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != "a" or not self._href:
            return
        shown = _HOST.match("".join(self._text)[:2000])
        if shown is not None and not _same_site(shown[1], self._href):
            self.deceiving[self._href] = shown[1]
        self._href = ""


def _same_site(shown: str, href: str) -> bool:
    from myco_browser.domain.hosts import registrable_domain

    try:
        host = urlsplit(href).hostname or ""
    except ValueError:
        return False
    if not host:
        return True  # a mail address
    return (registrable_domain(shown.lower()) or shown.lower()) == (
        registrable_domain(host.lower()) or host.lower()
    )


def escaped(text: str) -> str:
    """Text as HTML."""
    return html_module.escape(text)
