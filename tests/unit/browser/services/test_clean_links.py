"""Our own list of tracking words and redirect links."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from myco_browser.services.clean_links import clean_link
from myco_filters.engine import Engine
from myco_filters.lists.catalogue import LINKS, LINKS_TITLE, links_path
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList, parse_list
from myco_filters.verdict import Allow

_TARGET = "https://shop.example/a/b?id=7#top"
_QUOTED = quote(_TARGET, safe="")
_BING = "a1" + base64.urlsafe_b64encode(_TARGET.encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def engine() -> Engine:
    text = links_path().read_text(encoding="utf-8")
    return Engine.compile([FilterList(LINKS, LINKS_TITLE, text)])


def test_every_line_has_effect() -> None:
    assert parse_list(links_path().read_text(encoding="utf-8")).unsupported == []


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://www.google.com/url?sa=t&url={_QUOTED}&usg=x",
        f"https://www.google.fr/url?q={_QUOTED}&sa=D",
        f"https://l.facebook.com/l.php?u={_QUOTED}&h=AT0",
        f"https://l.instagram.com/?u={_QUOTED}&e=x",
        f"https://www.youtube.com/redirect?event=x&q={_QUOTED}",
        f"https://eur01.safelinks.protection.outlook.com/?url={_QUOTED}&data=05",
        f"https://www.bing.com/ck/a?!&&p=x&u={_BING}&ntb=1",
        f"https://duckduckgo.com/l/?uddg={_QUOTED}&rut=x",
        f"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU={_QUOTED}/RK=2/RS=x-",
        f"https://out.reddit.com/t3_x?url={_QUOTED}&token=x",
        f"https://www.linkedin.com/redir/redirect?url={_QUOTED}&urlhash=x",
        f"https://slack-redir.net/link?url={_QUOTED}",
        f"https://steamcommunity.com/linkfilter/?u={_QUOTED}",
        f"https://vk.com/away.php?to={_QUOTED}",
        f"https://disq.us/url?url={_QUOTED}%3AabcDEF&cuid=1",
        f"https://www.deviantart.com/users/outgoing?{_TARGET}",
        f"https://link.zhihu.com/?target={_QUOTED}",
    ],
)
def test_redirect_links_lead_to_their_target(engine: Engine, wrapped: str) -> None:
    assert clean_link(engine, wrapped) == _TARGET


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.example/?utm_source=x&id=1&utm_medium=mail", "https://a.example/?id=1"),
        ("https://a.example/p?gclid=1&fbclid=2", "https://a.example/p"),
        ("https://a.example/?hsa_acc=1&mtm_campaign=2&mc_eid=3&x=4", "https://a.example/?x=4"),
        ("https://youtu.be/abc?si=xyz&t=42", "https://youtu.be/abc?t=42"),
        ("https://a.example/?si=keep&ref=keep&id=1", "https://a.example/?si=keep&ref=keep&id=1"),
        ("https://a.example/?q=utm_source", "https://a.example/?q=utm_source"),
    ],
)
def test_tracking_words_go(engine: Engine, url: str, clean: str) -> None:
    assert clean_link(engine, url) == clean


def test_both_at_once(engine: Engine) -> None:
    inner = quote(_TARGET.replace("?", "?utm_source=mail&gclid=1&"), safe="")
    assert clean_link(engine, f"https://www.google.com/url?q={inner}") == _TARGET


def test_only_pages_are_touched(engine: Engine) -> None:
    request = Request.make("https://a.example/x?utm_source=1", "https://b.example/", Kind.IMAGE)
    assert engine.match(request) == Allow(None)


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "", "//x"])
def test_only_web_addresses_are_followed(engine: Engine, target: str) -> None:
    url = f"https://www.google.com/url?q={quote(target, safe='')}"
    assert clean_link(engine, url) == url
