"""Policies that filters add to pages, and generic hiding inside frames."""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_RAN = "<script>(window.ran = window.ran || []).push('{}')</script>"


def _use(session: LedSession, lines: str) -> None:
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('t', 'Test', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


_PAGE = (
    f"<!doctype html><html><head><title>t</title>{_RAN.format('head')}"
    f"<script src=/own.js></script></head><body onclick=\"ran.push('handler')\">"
    f"{_RAN.format('body')}<p id=p>text</p></body></html>"
)


def test_inline_scripts_do_not_run_where_a_filter_forbids_them(rig: BrowserRig, site: Site) -> None:
    for host in ("inline", "csp", "excepted", "off", "bare"):
        site.page(f"{host}.example/", _PAGE)
    # The first thing in the document, with no head written out.
    site.page("bare.example/", f"{_RAN.format('first')}<p id=p>text{_RAN.format('late')}")
    site.page(
        "framed.example/", "<!doctype html><title>f</title><iframe src='http://inline.example/'>"
    )
    session = rig.start(hosts=site.host_map())
    _use(
        session,
        "||inline.example^$inline-script\n||bare.example^$inline-script\n"
        "||off.example^$inline-script\n"
        "||csp.example^$csp=script-src 'self'\n"
        "||excepted.example^$csp=script-src 'none'\n@@||excepted.example^$csp\n",
    )
    session.do(
        "from myco_browser.domain.site_settings import Level\n"
        "session._context.policy.set_level('off.example', Level.OFF)"
    )
    ran = "(document.getElementById('p').click(), (window.ran || []).join())"
    for host, expected, loaded in (
        ("inline", "", 1),
        ("csp", "", 1),
        ("bare", "", None),
        ("excepted", "head,body,handler", 1),
        ("off", "head,body,handler", 1),
    ):
        session.open(f"http://{host}.example/")
        assert session.script(ran) == expected, host
        assert session.script("window.loaded") == loaded, host  # scripts with an address run
    session.open("http://framed.example/")
    inner = (
        "[frame.runJavaScript('[window.ran === undefined, window.loaded].join()', 0, "
        "session.answers.append) for frame in tab.page.mainFrame().children()]"
    )
    session.do("session.answers = []")
    session.do(inner)
    session.wait_for("session.answers")
    assert session.value("session.answers") == ["true,1"]


_ATTEMPTS = {
    "worker-src": "new Worker(URL.createObjectURL(new Blob(['1'])))",
    "connect-src": "fetch('/beacon')",
    "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), "
    "{src: 'http://in.example/'}))",
    "font-src": "document.fonts.load('12px a')",
}


def test_other_directives_hold(rig: BrowserRig, site: Site) -> None:
    lines = ""
    for directive, attempt in _ATTEMPTS.items():
        site.page(
            f"{directive}.example/",
            "<!doctype html><title>waiting</title><style>@font-face{font-family:a;"
            "src:url(data:font/woff2;base64,d09GMg==)}</style><p>x<script>"
            "document.addEventListener('securitypolicyviolation', (event) => {"
            "document.title = event.effectiveDirective });"
            f"setTimeout(() => {{ try {{ {attempt}?.catch?.(() => 0) }} catch {{}} }}, 50)"
            "</script>",
        )
        option = "inline-font" if directive == "font-src" else f"csp={directive} 'none'"
        lines += f"||{directive}.example^${option}\n"
    session = rig.start(hosts=site.host_map())
    _use(session, lines)
    for directive in _ATTEMPTS:
        session.open(f"http://{directive}.example/")
        session.wait_for(f"tab.title == {directive!r}")
    assert not [place for place in site.arrived if "beacon" in place or place.startswith("in.")]


def test_generic_hiding_by_classes_reaches_frames(rig: BrowserRig, site: Site) -> None:
    inner = (
        "<!doctype html><div id=one class=promo-box>x</div><div id=two>y</div><script>"
        "setTimeout(() => document.body.insertAdjacentHTML('beforeend',"
        "'<div id=late class=promo-late>z</div>'), 50)</script>"
    )
    site.page("outer.example/", "<!doctype html><title>o</title><div class=promo-box id=top>t</div>"
              "<iframe src='http://inner.example/'></iframe>"
              "<iframe src='http://free.example/'></iframe>")  # fmt: skip
    site.page("inner.example/", inner)
    site.page("free.example/", inner)
    session = rig.start(hosts=site.host_map())
    _use(session, "##.promo-box\n##.promo-late\nfree.example#@#.promo-box")
    session.open("http://outer.example/")
    shown = (
        "[...document.querySelectorAll('div')].filter(d => d.offsetHeight).map(d => d.id).join()"
    )
    session.wait_for_script(shown, "")
    ask = (
        "session.answers = {}\n"
        "for frame in tab.page.mainFrame().children():\n"
        f"    frame.runJavaScript({shown!r}, 0, "
        "lambda found, host=frame.url().host(): session.answers.__setitem__(host, found))"
    )
    expected = {"inner.example": "two", "free.example": "one,two"}
    session.do(ask)
    for _ in range(400):
        session.wait_for("len(session.answers) == 2")
        if session.value("session.answers") == expected:
            break
        session.do(ask)
    assert session.value("session.answers") == expected
