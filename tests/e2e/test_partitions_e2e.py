"""A third party cannot tie visits to different sites together: judged at its server."""

from __future__ import annotations

import itertools

from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Answer, Site

_TOPS = ("one.example", "two.example")
_FRAME = """<script src=/kept.js></script><script>
const found = [];
const attempt = (name, act) => {
  try { found.push(name + '=' + act()); } catch (error) { found.push(name + '=' + error.name); }
};
attempt('before', () => localStorage.getItem('mark'));
attempt('store', () => { localStorage.setItem('mark', '1'); return 1; });
attempt('cookie', () => {
  document.cookie = 'mark=1; SameSite=None; Secure';
  return document.cookie;
});
attempt('referrer', () => document.referrer);
fetch('/told?' + encodeURIComponent(found.join('|')));
</script>"""


def _serve(site: Site) -> None:
    for top in _TOPS:
        frame = "<iframe src='http://third.example/frame'></iframe>"
        site.page(f"{top}/page?secret=1", f"<title>{top}</title>{frame}")
        site.page(f"{top}/name", "<title>name</title>")
    marks = (("Set-Cookie", "seen=1; Max-Age=9999"), ("Cache-Control", "max-age=9999"))
    site.pages["third.example/frame"] = Answer(_FRAME.encode(), headers=marks[:1])
    site.pages["third.example/kept.js"] = Answer(b"1", "text/javascript", headers=marks)


def _told(site: Site) -> list[str]:
    return [place.partition("?")[2] for place in site.arrived if "/told?" in place]


def _visit(session: LedSession, site: Site, top: str) -> None:
    count = len(_told(site))
    session.open(f"http://{top}/page?secret=1")
    session.wait_for(f"tab.title == {top!r}")
    assert wait_until(lambda: len(_told(site)) > count)


def test_third_parties_are_apart_for_each_site(rig: BrowserRig, site: Site) -> None:
    _serve(site)
    session = rig.start(hosts=site.host_map())
    for top in (*_TOPS, _TOPS[0]):
        _visit(session, site, top)
    rows = list(zip(site.arrived, site.headers, site.connections, strict=True))
    third = [row for row in rows if row[0].startswith("third.example/")]
    assert [place for place, headers, _port in third if "cookie" in headers] == []
    # The copy of the first visit serves the third, which is on the same site, and never the second.
    assert [place for place, *_rest in third].count("third.example/kept.js") == 2
    told = _told(site)
    assert not [one for one in told if "mark%3D1" in one or "before%3D1" in one], told
    frames = [(headers, port) for place, headers, port in third if place.endswith("/frame")]
    assert frames[0][1] != frames[1][1], "no connection is shared between two sites"
    for headers, _port in frames:
        assert headers.get("referer", "").count("/") == 3, "the referrer is an origin"
        assert "secret" not in headers.get("referer", "")
    assert not [one for one in told if "secret" in one], told


def test_a_third_partys_files_in_memory_are_apart_for_each_site(
    rig: BrowserRig, site: Site
) -> None:
    # A window that a page opens shares processes with it: what is framed in both is in one.
    frame = "<iframe src='http://third.example/frame'></iframe>"
    opener = "<button onclick=\"window.open('http://two.example/')\">x</button>"
    site.page("one.example/", f"<title>one</title>{opener}{frame}")
    site.page("two.example/", f"<title>two</title>{frame}")
    tell = "<script src=/kept.js></script><script>fetch('/told?' + self.kept)</script>"
    site.page("third.example/frame", tell)
    numbers = itertools.count(1)
    site.pages["third.example/kept.js"] = lambda: Answer(
        f"self.kept = {next(numbers)}".encode(), "text/javascript",
        headers=(("Cache-Control", "max-age=9999"),),
    )  # fmt: skip
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    assert wait_until(lambda: "third.example/told?1" in site.arrived)
    session.click("button")
    session.wait_for("tab.title == 'two'")
    assert wait_until(lambda: len(_told(site)) == 2)
    assert _told(site) == ["1", "2"]


def test_a_windows_name_is_not_told_to_the_next_site(rig: BrowserRig, site: Site) -> None:
    _serve(site)
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/name")
    # Left by a link or by forwarding: for neither does the engine forget the name by itself.
    for leave, following in (("location.assign", "two"), ("location.replace", "one")):
        session.script("window.name = 'visitor 7'")
        session.script(f"{leave}('http://{following}.example/name')")
        session.wait_for(f"tab.urlstr == 'http://{following}.example/name' and not tab.loading")
        assert session.script("window.name") == "", leave
