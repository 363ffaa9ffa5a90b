"""The text of the page that the reader shows."""

from __future__ import annotations

from html import escape
from string import Template

from PyQt6.QtCore import QUrl

from myco_browser.ui.i18n import _, ngettext
from myco_browser.web.article import Article
from myco_resources import read_page

MOST = 2 * 1024 * 1024 - 200_000
"""The engine shows no text that is longer than this when its signs are escaped, in characters."""


def reading_time(minutes: int) -> str:
    """How long reading takes, in words."""
    text = ngettext("{count} minute to read", "{count} minutes to read", minutes)
    return text.format(count=minutes)


def article_html(article: Article, style: dict[str, str], where: str) -> str:
    """The page of an article; `where` is the host it is from."""
    source = " · ".join(dict.fromkeys(part for part in (article.site, where) if part))
    lines = (article.byline, source, reading_time(article.minutes))
    facts = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return Template(read_page("reader.html")).substitute(
        lang=escape(article.language),
        dir=article.direction,
        properties=escape("; ".join(f"{name}: {value}" for name, value in style.items())),
        title=escape(article.title or _("Article")),
        facts=facts,
        body=article.html,
    )


def is_showable(html: str) -> bool:
    """Whether the engine takes a text of this length."""
    return len(html) * 3 < MOST or QUrl.toPercentEncoding(html).size() < MOST
