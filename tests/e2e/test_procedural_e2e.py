"""Procedural cosmetic filters: every step and every action, judged in the page."""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession, set_level
from support.site import Site

_HEAD = "<!doctype html><meta charset=utf-8><title>page</title>"
# Three boxes; every page below says what is left of them.
_BOXES = (
    "<div id=a class=box><p id=pa>Advert 1</p></div>"
    "<div id=b class=box data-kind=promo-7><p id=pb>News of the day, at some length</p></div>"
    "<div id=c><section><p id=pc>advert 2</p></section></div>"
)
_SHOWN = (
    "[...document.querySelectorAll('div')].filter(d => d.offsetHeight).map(d => d.id).join()"
)  # fmt: skip

# Host: what its page begins with, its filter, the boxes that stay.
_STEPS: dict[str, tuple[str, str, str]] = {
    "text": ("", "div:has-text(Advert)", "b,c"),
    "text-expression": ("", "div:has-text(/^advert \\d$/i)", "b"),
    "after-text": ("", "div:has-text(Advert) + div", "a,c"),
    "further-text": ("", "div:has-text(/advert/i).box", "b,c"),
    "below-text": ("", "body:has-text(News) > .box", "c"),
    "upward-number": ("", "p:has-text(advert 2):upward(2)", "a,b"),
    "nth-ancestor": ("", "p:has-text(Advert 1):nth-ancestor(1)", "b,c"),
    "upward-selector": ("", "p:has-text(News):upward(.box)", "a,c"),
    "css": ("<style>#a{float:left}</style>", "div:matches-css(float: left)", "b,c"),
    "css-expression": (
        "<style>#a{opacity:0.51}</style>",
        "div:matches-css(opacity: /^0\\.5/)",
        "b,c",
    ),
    "css-of-display": ("", "#a:matches-css(display: block)", "b,c"),
    "css-before": (
        "<style>#b::before{content:'Sponsored'}</style>",
        'div:matches-css-before(content: "Sponsored")',
        "a,c",
    ),
    "css-after": (
        "<style>#c::after{content:'Ad'}</style>",
        "div:matches-css-after(content: /Ad/)",
        "a,b",
    ),
    "path": ("", ":matches-path(/^\\/$/) #a", "b,c"),
    "other-path": ("", "#a:matches-path(/sport)", "a,b,c"),
    "attribute": ("", 'div:matches-attr("data-kind"="promo-7")', "a,c"),
    "attribute-expression": ("", "div:matches-attr(/^data-/=/^promo-\\d+$/)", "a,c"),
    "attribute-name": ("", "div:matches-attr(data-kind)", "a,c"),
    "media": ("", "#a:matches-media((min-width: 1px))", "b,c"),
    "other-media": ("", "#a:matches-media((max-width: 1px))", "a,b,c"),
    "property": ("", "div:matches-prop(dataset.kind=/promo/)", "a,c"),
    "length": ("", "div:min-text-length(20)", "a,c"),
    "xpath": ("", ":xpath(//p[contains(text(),'News')]/..)", "a,c"),
    "xpath-from": ("", "p:has-text(advert 2):xpath(../..)", "a,b"),
    "others": ("", "#b, #none:others()", "b"),
    "has": ("", "div:has(> p:has-text(/advert/i))", "b,c"),
    "not": ("", "div:not(:has-text(/advert/i))", "a,c"),
    "not-css": ("", "div:not(.box:has-text(News))", "b"),
    "is": ("", "div:is(#a:has-text(Advert))", "b,c"),
    "has-in-not": ("", "div:not(:has(section:has-text(2)))", "c"),
    "upward-in-has": ("", "p:has(:upward(section)):upward(div)", "a,b"),
    "wrong": ("", "div:has-text(/(/)\nwrong.example##:xpath(//[)\nwrong.example###a:has-text(1)",
              "b,c"),
    "priority": (
        "<style>div#a.box.box{display:block!important}</style>", "div:has-text(Advert)", "b,c"
    ),
}  # fmt: skip


def _use(session: LedSession, lines: str) -> None:
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('t', 'Test', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


def test_every_step_finds_its_elements(rig: BrowserRig, site: Site) -> None:
    for name, (head, _, _) in _STEPS.items():
        site.page(f"{name}.example/", _HEAD + head + _BOXES)
    session = rig.start(hosts=site.host_map())
    _use(session, "\n".join(f"{name}.example##{body}" for name, (_, body, _) in _STEPS.items()))
    for name, (_, _, left) in _STEPS.items():
        session.open(f"http://{name}.example/")
        session.wait_for_script(f"/* {name} */ {_SHOWN}", left)


def test_every_action_is_carried_out(rig: BrowserRig, site: Site) -> None:
    page = _HEAD + "<style>div{color:black}</style>" + _BOXES
    policy = (("Content-Security-Policy", "default-src 'none'"),)
    for name in ("style", "remove", "attribute", "class"):
        site.page(f"{name}.example/", page, headers=policy)
    session = rig.start(hosts=site.host_map())
    _use(
        session,
        "style.example##div:has-text(Advert):style(color: rgb(1, 2, 3); height: 7px !important)\n"
        "remove.example##div:has-text(Advert):remove()\n"
        "remove.example###b:remove()\n"
        "attribute.example###b:remove-attr(/^data-/)\n"
        "class.example##.box:has-text(News):remove-class(box)\n",
    )
    session.open("http://style.example/")
    style = "getComputedStyle(document.getElementById('a'))"
    session.wait_for_script(f"{style}.height + {style}.color", "7pxrgb(1, 2, 3)")
    session.open("http://remove.example/")
    session.wait_for_script("document.querySelector('#a, #b') === null", True)
    session.open("http://attribute.example/")
    session.wait_for_script("document.getElementById('b').getAttributeNames().join()", "id,class")
    session.open("http://class.example/")
    session.wait_for_script("document.querySelectorAll('.box').length", 1)
    session.wait_for_script("document.getElementById('b').className", "")


def test_a_page_that_changes_is_looked_at_again(rig: BrowserRig, site: Site) -> None:
    """Elements and words that come late, attributes that are watched, and what ceases to fit."""
    site.page("late.example/", _HEAD + _BOXES)
    session = rig.start(hosts=site.host_map())
    _use(
        session,
        "late.example##div:has-text(Advert)\n"
        "late.example##div:watch-attr(data-state):matches-attr(data-state=ad)",
    )
    session.open("http://late.example/")
    session.wait_for_script(_SHOWN, "b,c")
    session.script("document.body.insertAdjacentHTML('beforeend', '<div id=d>Advert 3</div>')")
    session.wait_for_script("!!document.getElementById('d')", True)
    session.wait_for_script(_SHOWN, "b,c")
    session.script("document.getElementById('pb').firstChild.data = 'Advert 4'")
    session.wait_for_script(_SHOWN, "c")
    session.script("document.getElementById('c').dataset.state = 'ad'")
    session.wait_for_script(_SHOWN, "")
    session.script("document.getElementById('pa').firstChild.data = 'News'")
    session.wait_for_script(_SHOWN, "a")
    session.script("document.adoptedStyleSheets = []")
    session.wait_for_script(_SHOWN, "a")


def test_frames_have_filters_of_their_own(rig: BrowserRig, site: Site) -> None:
    tell = (
        "<script>setInterval(() => parent.postMessage([...document.querySelectorAll('div')]"
        ".filter(d => d.offsetHeight).map(d => d.id).join(), '*'), 50)</script>"
    )
    site.page(
        "outer.example/",
        _HEAD + _BOXES + "<script>addEventListener('message', e => window.inner = e.data)</script>"
        "<iframe width=500 height=400 src='http://inner.example/'></iframe>",
    )
    site.page("inner.example/", _HEAD + _BOXES + tell)
    session = rig.start(hosts=site.host_map())
    _use(session, "outer.example##div:has-text(Advert)\ninner.example##div:has-text(News)")
    session.open("http://outer.example/")
    session.wait_for_script(_SHOWN, "b,c")
    session.wait_for_script("window.inner", "a,c")


def test_other_sites_get_no_script(rig: BrowserRig, site: Site) -> None:
    """Exceptions lift a filter, a switched-off site has none, and no table knows other hosts."""
    for name in ("on", "off", "lifted"):
        site.page(f"{name}.example/", _HEAD + _BOXES)
    session = rig.start(hosts=site.host_map())
    filters = "\n".join(f"{name}.example##div:has-text(Advert)" for name in ("on", "off", "lifted"))
    _use(session, f"{filters}\nlifted.example#@#div:has-text(Advert)")
    session.do(set_level("off.example", "OFF"))
    for name in ("off", "lifted"):
        session.open(f"http://{name}.example/")
        source = "session._context.page_filters.cosmetics._procedural._source"
        assert session.value(source) == ""
        assert session.script(_SHOWN) == "a,b,c"
    session.open("http://on.example/")
    session.wait_for_script(_SHOWN, "b,c")


def test_shadow_trees_are_reached(rig: BrowserRig, site: Site) -> None:
    site.page(
        "shadow.example/",
        _HEAD + "<div id=host></div><script>document.getElementById('host')"
        ".attachShadow({mode: 'open'}).innerHTML = '<p id=ad>Advert</p><p id=no>x</p>'</script>",
    )
    session = rig.start(hosts=site.host_map())
    _use(session, "shadow.example###host:shadow(p):has-text(Advert)")
    session.open("http://shadow.example/")
    inside = "document.getElementById('host').shadowRoot"
    left = f"[...{inside}.querySelectorAll('p')].filter(p => p.offsetHeight).map(p => p.id).join()"
    session.wait_for_script(left, "no")


def test_many_changes_make_few_runs(rig: BrowserRig, site: Site) -> None:
    """The page counts how often something of ours happens while it adds 400 elements."""
    site.page(
        "busy.example/",
        _HEAD + "<body><script>window.runs = 0; new MutationObserver(() => runs++).observe("
        "document, {subtree: true, attributes: true}); const channel = new MessageChannel();"
        "let number = 0; channel.port1.onmessage = () => { document.body.insertAdjacentHTML("
        "'beforeend', `<div id=n${number++}>Advert</div>`);"
        "if (number < 400) channel.port2.postMessage(0); };"
        "addEventListener('load', () => channel.port2.postMessage(0))</script>",
    )
    session = rig.start(hosts=site.host_map())
    _use(session, "busy.example##div:has-text(Advert)")
    session.open("http://busy.example/")
    session.wait_for_script("document.querySelectorAll('div').length", 400)
    session.wait_for_script(_SHOWN, "")
    assert 0 < session.script("window.runs") < 100


def test_a_filter_that_takes_too_long_does_not_keep_others_back(
    rig: BrowserRig, site: Site
) -> None:
    tree = "<section>" * 400 + "</section>" * 400
    site.page("slow.example/", _HEAD + _BOXES + tree * 20)
    session = rig.start(hosts=site.host_map())
    slow = "*:has(*:has(*:has-text(/never/)))"
    _use(session, f"slow.example##{slow}\nslow.example##div:has-text(Advert)")
    session.open("http://slow.example/")
    session.wait_for_script(_SHOWN, "b,c")
    session.script("document.getElementById('pb').firstChild.data = 'Advert 4'")
    session.wait_for_script(_SHOWN, "c")
