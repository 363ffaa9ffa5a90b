"""The reader: an article alone, without scripts, its pictures behind the filters; to read later."""

from __future__ import annotations

import os
import signal

from support.additions import give_addition
from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_SENTENCE = "The river carries, as rivers do, more than water: silt, seeds, and the talk of towns. "
_TEXT = "".join(f"<p>{_SENTENCE * 5}</p>" for _ in range(6))
_ARTICLE = f"""<!doctype html><html lang=en><title>Of rivers</title>
<meta name=author content="A. Writer">
<body onload="document.title = 'Of rivers'"><nav><a href=/elsewhere>menu</a></nav>
<article><h1>Of rivers</h1>{_TEXT}
<p>And <a id=next href=/next>a link</a>. <img src=/pic.svg onerror="document.title='ran'">
<img src=http://ads.example/banner.svg><script>window.evil = 1</script>
<iframe src=/frame></iframe><form action=/form><input name=x></form></p>
<p onclick="document.title='ran'">{_SENTENCE * 4}</p></article></body></html>"""
_BLOCK_ADS = "||ads.example^\n"
_READER = "tab.reader"


def _start(rig: BrowserRig, site: Site, *arguments: str) -> LedSession:
    give_addition(rig, "reader")
    site.page("news.example/", _ARTICLE)
    site.page("news.example/next", "<title>next</title>")
    rig.profile.mkdir(mode=0o700)
    (rig.profile / "own-filters.txt").write_text(_BLOCK_ADS)
    return rig.start(*arguments, hosts=site.host_map())


def _press(session: LedSession, keys: str) -> None:
    key = f"[a for a in window.actions() if a.shortcuts() and a.shortcut().toString() == {keys!r}]"
    session.do(f"{key}[0].trigger()")


def _in_article(session: LedSession, source: str) -> object:
    session.do(
        "session.answers = []\n"
        f"tab.reader.page.runJavaScript({source!r}, 3, session.answers.append)"
    )
    session.wait_for("len(session.answers)")
    return session.value("session.answers[0]")


def _enter(session: LedSession) -> None:
    session.open("http://news.example/")
    session.wait_for("window.address.reader.isVisible()")
    _press(session, "Ctrl+Alt+R")
    session.wait_for(f"{_READER} is not None and {_READER}.page.title() == 'Of rivers'")
    session.wait_for(f"not {_READER}.page.isLoading()")


def test_an_article_is_shown_alone_and_nothing_of_its_page_runs(
    rig: BrowserRig, site: Site
) -> None:
    session = _start(rig, site)
    _enter(session)
    text = str(_in_article(session, "document.body.textContent"))
    assert _SENTENCE.strip() in text
    assert "A. Writer" in text
    assert "menu" not in text
    tags = "[...new Set([...document.body.querySelectorAll('*')].map(e => e.localName))].join()"
    assert not set(str(_in_article(session, tags)).split(",")) & {
        "script",
        "iframe",
        "form",
        "input",
    }
    handlers = (
        "[...document.querySelectorAll('*')].some(one => one.getAttributeNames()"
        ".some(name => name.startsWith('on')))"
    )
    assert _in_article(session, handlers) is False
    # Would the page's script run if one slipped through? The engine and the policy both say no.
    _in_article(
        session,
        "const one = document.createElement('script'); one.textContent = 'document.title = `ran`';"
        "document.body.append(one)",
    )
    assert session.value(f"{_READER}.page.title()") == "Of rivers"
    assert "ads.example/banner.svg" not in site.arrived
    assert "news.example/pic.svg" in site.arrived
    # A link of the article belongs to the tab, and leaves the reader.
    _in_article(session, "document.querySelector('a[href$=next]').click()")
    session.wait_for(f"{_READER} is None and tab.title == 'next'")


def test_the_reader_remembers_its_look_and_lets_the_page_live(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.open("http://news.example/")
    session.script("window.lived = 7")
    _enter_again = "window.address.reader.isVisible()"
    session.wait_for(_enter_again)
    session.do("window.address.reader.click()")
    session.wait_for(f"{_READER} is not None")
    session.wait_for(f"not {_READER}.page.isLoading() and {_READER}.page.title() == 'Of rivers'")
    size = "getComputedStyle(document.documentElement).fontSize"
    assert _in_article(session, size) == "20px"
    _press(session, "Ctrl++")
    assert _in_article(session, size) == "22px"
    path = rig.folder / "article.pdf"
    session.do(
        "session.printed = []\n"
        "tab.front_page.pdfPrintingFinished.connect(lambda *one: session.printed.append(one))\n"
        f"tab.front_page.printToPdf({str(path)!r})"
    )
    session.wait_for("len(session.printed)")
    assert path.read_bytes().startswith(b"%PDF")
    _press(session, "Esc")
    session.wait_for(f"{_READER} is None")
    assert session.script("window.lived") == 7
    assert '"reader.size": 22' in (rig.profile / "settings.json").read_text()


def test_without_its_parts_the_reader_says_so_in_one_sentence(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _ARTICLE)
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    _press(session, "Ctrl+Alt+R")
    session.wait_for("len(tab.notices) == 1 and 'not here yet' in tab.notices[0].accessibleName()")


def test_a_page_without_article_says_so_even_under_trusted_types(
    rig: BrowserRig, site: Site
) -> None:
    session = _start(rig, site)
    policy = ("Content-Security-Policy", "require-trusted-types-for 'script'; trusted-types 'none'")
    site.page("strict.example/", _ARTICLE, headers=(policy,))
    site.page("empty.example/", "<title>empty</title><p>hi")
    session.open("http://empty.example/")
    _press(session, "Ctrl+Alt+R")
    session.wait_for("len(tab.notices) == 1 and 'No article' in tab.notices[0].accessibleName()")
    session.open("http://strict.example/")
    _press(session, "Ctrl+Alt+R")
    session.wait_for(f"{_READER} is not None")


def test_what_is_to_be_read_later_survives_a_kill(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _ARTICLE)
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    session.do(
        "[a for a in window.actions() if a.text() == 'Add to the reading list'][0].trigger()"
    )
    pid = session.pid
    os.kill(pid, signal.SIGKILL)
    again = rig.session()
    again.wait_for("window is not None")
    assert again.value("[(p.url, p.title, p.read) for p in session._context.reading.pages()]") == [
        ["http://news.example/", "Of rivers", False]
    ]
    _press(again, "Ctrl+Alt+B")
    panel = "session._manager._single['reading']"
    again.do(f"{panel}._rows.itemActivated.emit({panel}._rows.item(0))")
    again.wait_for("session._context.reading.pages()[0].read")
    again.do(f"{panel}._rows.item(0).setSelected(True)")
    again.do(f"{panel}._delete.click()")
    assert again.value("len(session._context.reading.pages())") == 0
    again.do(f"{panel}._back.click()")
    assert again.value("len(session._context.reading.pages())") == 1


def test_a_private_window_keeps_no_reading_list(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _ARTICLE)
    session = rig.start("--private", hosts=site.host_map())
    session.open("http://news.example/")
    session.do(
        "[a for a in window.actions() if a.text() == 'Add to the reading list'][0].trigger()"
    )
    session.wait_for("any('no reading list' in n.accessibleName() for n in tab.notices)")
