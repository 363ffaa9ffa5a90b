"""For each scriptlet a page that calls it, and what the page then finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A page with a call, and what its `result` then is."""

    call: str
    page: str
    wanted: object


def scripts(*sources: str) -> str:
    """A script element for each."""
    return "".join(f"<script>{one}</script>" for one in sources)


def _after(milliseconds: int, expression: str) -> str:
    return f"setTimeout(() => {{ window.result = {expression} }}, {milliseconds})"


def _again(expression: str) -> str:
    """For what comes to be true: the test waits for it."""
    return f"setInterval(() => {{ window.result = {expression} }}, 20)"


_FETCH = "fetch('/data.json').then(r => r.json()).then(j => { result = JSON.stringify(j) })"
_XHR = (
    "const x = new XMLHttpRequest(); x.open('GET', '/data.json');"
    "x.onload = () => { result = x.responseText }; x.send()"
)
DATA = '{"text": "story", "ads": [1], "rows": [{"ad": 1}, {"ok": 2}]}'
LINES = '{"node": {"kind": "story"}}\n{"node": {"kind": "ad"}}\n'
PLAYLIST = (
    "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfilm1.ts\n"
    "#EXT-X-DISCONTINUITY\n#EXTINF:6,\nads/1.ts\n#EXTINF:6,\nfilm2.ts\n#EXT-X-ENDLIST\n"
)
_SEND = "'/echo', {method: 'POST', body: JSON.stringify({client: {id: 1}, ad: 2})}"
_TOLD = ").then(r => r.text()).then(t => { result = t })"
_SEND_XHR = (
    "const x = new XMLHttpRequest(); x.open('POST', '/echo');"
    'x.onload = () => { result = x.responseText }; x.send(\'{"client": {"id": 1}}\')'
)

CASES = {
    "set": Case(
        "+js(set, a.b.c, true)",
        scripts("window.a = {}; a.b = {c: false}", "a.b.c = false; result = a.b.c"), True,
    ),
    "set-func": Case("+js(set, tell, trueFunc)", scripts("result = tell()"), True),
    "set-other-kind": Case(
        "+js(set, place, 5)", scripts("window.place = {x: 1}; result = place.x"), 1
    ),
    "set-two": Case(
        "+js(set, f.one, 1)\n##+js(set, f.two, '')",
        scripts("var f = {one: 9, two: 'x', three: 3}; result = [f.one, f.two, f.three].join()"),
        "1,,3",
    ),
    "set-late": Case(
        "+js(set, done, true, runAt, interactive)",
        scripts("window.early = window.done", "document.addEventListener('DOMContentLoaded',"
                 "() => { result = `${early} ${done}` })"),
        "undefined true",
    ),
    "aopr": Case(
        "+js(aopr, ads.run)",
        scripts("window.ads = {run: 1}; window.before = 1; ads.run; window.after = 1",
                 "result = [window.before, window.after].join()"), "1,",
    ),
    "aopr-body": Case(
        "+js(aopr, document.body.appendChild)",
        scripts("document.body.appendChild(document.createElement('p')); window.after = 1",
                 "result = [document.body.localName, window.after].join()"), "body,",
    ),
    "aopw": Case(
        "+js(aopw, detector)",
        scripts("window.before = 1; window.detector = 1; window.after = 1",
                 "result = [window.before, window.after].join()"), "1,",
    ),
    "acs": Case(
        "+js(acs, document.createElement, pop_up)",
        scripts("window.one = document.createElement('p')",
                 "/* pop_up */ document.createElement('p'); window.two = 1",
                 "result = [window.one.localName, window.two].join()"), "p,",
    ),
    "acs-cookie": Case(
        "+js(acs, document.cookie, pop_up)",
        scripts("document.cookie = 'kept=1'", "/* pop_up */ document.cookie = 'lost=1'",
                 "result = document.cookie"), "kept=1",
    ),
    "acs-data": Case(
        "+js(acs, btoa, pop_up, /^data:/)",
        "<script src=\"data:text/javascript;base64,Lypwb3BfdXAqL2J0b2EoJ3gnKTt3aW5kb3cuc2Vlbj0x\">"
        "</script>" + scripts("result = [btoa('x'), window.seen].join()"), "eA==,",
    ),
    "aost": Case(
        "+js(aost, document.querySelector, detect)",
        scripts("function good() { return document.querySelector('script').localName }"
                 "function detect() { return document.querySelector('script').localName }"
                 "window.one = good(); window.two = detect()",
                 "result = [window.one, window.two].join()"), "script,",
    ),
    "aost-inline": Case(
        "+js(aost, Math.max, inlineScript)",
        scripts("window.one = Math.max(1, 2)", "result = String(window.one)"), "undefined",
    ),
    "nowoif": Case("+js(nowoif)", scripts("result = window.open('/x')"), None),
    "nowoif-pattern": Case(
        "+js(nowoif, !/good/, 1)",
        scripts("const w = window.open('http://ads.example/'); result = w !== null &&"
                 " document.querySelectorAll('iframe').length"), 1,
    ),
    "nostif": Case(
        "+js(nostif, adblock, 30)",
        scripts("setTimeout(() => { /* adblock */ window.one = 1 }, 30);"
                 "setTimeout(() => { /* adblock */ window.two = 1 }, 20);"
                 + _after(90, "[window.one, window.two].join()")), ",1",
    ),
    "nosiif": Case(
        "+js(nosiif, adblock)",
        scripts("setInterval(() => { /* adblock */ window.one = 1 }, 5);"
                 "setInterval(() => { window.two = 1 }, 5);"
                 + _after(60, "[window.one, window.two].join()")), ",1",
    ),
    "norafif": Case(
        "+js(norafif, adblock)",
        scripts("requestAnimationFrame(() => { /* adblock */ window.one = 1 });"
                 "requestAnimationFrame(() => setTimeout(() => { result = String(window.one) }))"),
        "undefined",
    ),
    "nano-stb": Case(
        "+js(nano-stb, wait, 60000, 0.001)",
        scripts("setTimeout(() => { /* wait */ result = 1 }, 60000)"), 1,
    ),
    "nano-sib": Case(
        "+js(nano-sib, , *, 0.001)", scripts("setInterval(() => { result = 1 }, 60000)"), 1
    ),
    "rmnt": Case(
        "+js(rmnt, script, /popunder/)",
        scripts("window.one = 1", "window.two = 'popunder'",
                 "result = [window.one, window.two].join()"), "1,",
    ),
    "rmnt-text": Case(
        "+js(rmnt, #text, Anzeige, excludes, keep)",
        "<p id=a>Anzeige</p><p id=b>Anzeige keep</p>"
        + scripts("addEventListener('load', () => setTimeout(() => { result ="
                   " [a.textContent, b.textContent].join() }))"),
        ",Anzeige keep",
    ),
    "rmnt-late": Case(
        "+js(rmnt, style, bad, stay, 1)",
        scripts("const one = document.head.appendChild(document.createElement('style'));"
                "setTimeout(() => { one.append('.bad{}');"
                + _again("one.textContent.length") + "}, 30)"), 0,
    ),
    "rpnt": Case(
        "+js(rpnt, script, /count = (\\d+)/, count = $1 - 5, condition, timer)",
        scripts("/* timer */ var count = 5", "result = count"), 0,
    ),
    "aeld": Case(
        "+js(aeld, click, popup)",
        scripts("document.addEventListener('click', () => { /* popup */ window.one = 1 });"
                 "document.addEventListener('click', () => { window.two = 1 });"
                 "addEventListener('load', () => { document.body.click();"
                 "result = [window.one, window.two].join() })"), ",1",
    ),
    "aeld-elements": Case(
        "+js(aeld, click, , elements, .ad)",
        "<p class=ad></p><b></b>"
        + scripts("for (const one of document.querySelectorAll('p, b')) {"
                   "one.addEventListener('click', () => { window[one.localName] = 1 });"
                   "one.click() } result = [window.p, window.b].join()"), ",1",
    ),
    "no-fetch-if": Case(
        "+js(no-fetch-if, url:ads.example method:GET, length:12)",
        scripts("fetch('http://ads.example/x').then(async r => { result ="
                 " [r.ok, r.url, (await r.text()).length].join() })"),
        "true,http://ads.example/x,12",
    ),
    "no-fetch-if-opaque": Case(
        "+js(no-fetch-if, ads.example, , {\"type\": \"opaque\"})",
        scripts("fetch('http://ads.example/x').then(r => { result = r.type })"), "opaque",
    ),
    "no-fetch-if-other": Case("+js(no-fetch-if, method:POST)", scripts(_FETCH),
                               DATA.replace(" ", "")),
    "no-fetch-if-war": Case(
        "+js(no-fetch-if, ads.example, war:noop-vast3.xml)",
        scripts("fetch('http://ads.example/x').then(async r => { result ="
                 " (await r.text()).includes('<VAST') })"), True,
    ),
    "no-xhr-if": Case(
        "+js(no-xhr-if, ads.example, emptyObj)",
        scripts("const x = new XMLHttpRequest(); x.open('GET', 'http://ads.example/x');"
                 "x.addEventListener('load', () => { result = [x.status, x.readyState,"
                 " x.responseText, x.responseURL].join() }); x.send()"),
        "200,4,{},http://ads.example/x",
    ),
    "no-xhr-if-again": Case(
        "+js(no-xhr-if, ads.example)",
        scripts("const x = new XMLHttpRequest(); x.open('GET', 'http://ads.example/x');"
                 "x.onload = () => { x.open('GET', '/data.json');"
                 "x.onload = () => { result = x.responseText.length }; x.send() }; x.send()"),
        len(DATA),
    ),
    "noeval-if": Case(
        "+js(noeval-if, adblock)", scripts("result = [eval('1'), eval('/*adblock*/2')].join()"),
        "1,",
    ),
    "noeval": Case("+js(noeval)", scripts("result = String(eval('1'))"), "undefined"),
    "json-prune": Case(
        "+js(json-prune, ads rows.[-].ad, text)",
        scripts(f"result = JSON.stringify([JSON.parse('{DATA}'), JSON.parse('{{\"ads\": 1}}')])"),
        '[{"text":"story","rows":[{"ok":2}]},{"ads":1}]',
    ),
    "json-prune-fetch": Case(
        "+js(json-prune-fetch-response, ads rows, , propsToMatch, /data.json)", scripts(_FETCH),
        '{"text":"story"}',
    ),
    "json-prune-xhr": Case(
        "+js(json-prune-xhr-response, ads rows, , propsToMatch, url:/data.json)", scripts(_XHR),
        '{"text":"story"}',
    ),
    "trusted-replace-fetch": Case(
        "+js(trusted-replace-fetch-response, '\"ads\"', '\"no\"', /data.json)", scripts(_FETCH),
        DATA.replace(" ", "").replace("ads", "no"),
    ),
    "trusted-replace-xhr": Case(
        "+js(trusted-replace-xhr-response, /\"ads\": .+?\\] */, , /data.json)",
        scripts(_XHR.replace("x.responseText", "x.responseText.includes('ads')")), False,
    ),
    "ra": Case(
        "+js(ra, onclick|data-ad, .x, stay)",
        "<p class=x onclick=a() data-ad=1 id=p></p><b onclick=a() id=b></b>"
        + scripts("setTimeout(() => { p.setAttribute('onclick', 'z');"
                   + _again("[p.attributes.length, b.attributes.length].join()") + "}, 30)"), "2,2",
    ),
    "rc": Case(
        "+js(rc, hidden, p)",
        "<p class='hidden y' id=p></p><b class=hidden id=b></b>"
        + scripts("addEventListener('load', () => {"
                   "result = [p.className, b.className].join() })"), "y,hidden",
    ),
    "set-attr": Case(
        "+js(set-attr, img, src, [data-src])",
        "<img id=i data-src=/late.png>"
        + scripts("addEventListener('load', () => {"
                   " result = i.getAttribute('src') })"), "/late.png",
    ),
    "href-sanitizer": Case(
        "+js(href-sanitizer, a[href*=\"?url=\"], ?url)",
        "<a id=l href='/out?url=https%3A%2F%2Fgood.example%2F'>x</a>"
        "<a id=m href='/out?url=javascript:alert(1)'>x</a>"
        + scripts("addEventListener('load', () => {"
                   "result = [l.getAttribute('href'), m.getAttribute('href')].join() })"),
        "https://good.example/,/out?url=javascript:alert(1)",
    ),
    "set-local-storage-item": Case(
        "+js(set-local-storage-item, seen, true)", scripts("result = localStorage.seen"), "true"
    ),
    "set-session-storage-item": Case(
        "+js(set-session-storage-item, seen, {})\n##+js(set-session-storage-item, bad, alert)",
        scripts("result = sessionStorage.seen + sessionStorage.bad"), "{}undefined",
    ),
    "trusted-set-local-storage-item": Case(
        "+js(trusted-set-local-storage-item, at, t$now$)",
        scripts("result = /^t\\d{13}$/.test(localStorage.at)"), True,
    ),
    "trusted-set-session-storage-item": Case(
        "+js(trusted-set-session-storage-item, word, any thing)",
        scripts("result = sessionStorage.word"), "any thing",
    ),
    "set-cookie": Case(
        "+js(set-cookie, seen, 1)\n##+js(set-cookie, bad, evil)",
        scripts("result = document.cookie"), "seen=1",
    ),
    "trusted-set-cookie": Case(
        "+js(trusted-set-cookie, word, any-thing, 1day)", scripts("result = document.cookie"),
        "word=any-thing",
    ),
    "remove-cookie": Case(
        "+js(remove-cookie, /^track/, when, keydown)",
        scripts("document.cookie = 'tracker=1'; document.cookie = 'kept=1; path=/';"
                 "document.dispatchEvent(new Event('keydown')); result = document.cookie"),
        "kept=1",
    ),
    "nowebrtc": Case(
        "+js(nowebrtc)",
        scripts("const c = new RTCPeerConnection({iceServers: []}); c.createDataChannel('');"
                 "c.createOffer().then(o => c.setLocalDescription(o)).then(() => {"
                 "result = String(c.localDescription) })"), "undefined",
    ),
    "popads-dummy": Case(
        "+js(popads-dummy)", scripts("window.PopAds = 1; result = typeof PopAds"), "object"
    ),
    "popads.net": Case(
        "+js(popads.net)",
        scripts("window.popns = 1; window.seen = 1", "result = String(window.seen)"), "undefined",
    ),
    "nofab": Case(
        "+js(nofab)",
        scripts("fuckAdBlock.onDetected(() => { result = 1 })"
                 ".onNotDetected(() => { result = 2 })"), 2,
    ),
    "refresh-defuser": Case(
        "+js(refresh-defuser)",
        "<meta http-equiv=refresh content='0; url=/elsewhere'>"
        + scripts(_after(300, "location.pathname")), "/",
    ),
    "disable-newtab-links": Case(
        "+js(disable-newtab-links)",
        "<a id=l target=_blank href=/x>x</a>"
        + scripts("result = l.dispatchEvent(new MouseEvent('click',"
                   " {bubbles: true, cancelable: true}))"), False,
    ),
    "xml-prune": Case(
        "+js(xml-prune, Period[id*=\"-ad-\"], , .mpd)",
        scripts("fetch('/list.mpd').then(async r => { result = await r.text() })"),
        '<MPD><Period id="film"/></MPD>',
    ),
    "xml-prune-xpath": Case(
        "+js(xml-prune, 'xpath(//*[name()=\"Period\"][contains(@id\\,\"-ad-\")] | //*/@id)',"
        " , .mpd)",
        scripts("const x = new XMLHttpRequest(); x.open('GET', '/list.mpd');"
                 "x.onload = () => { result = x.response }; x.send()"), "<MPD><Period/></MPD>",
    ),
    "trusted-set": Case(
        "+js(trusted-set, limits, json:{\"most\": 99999})",
        scripts("window.limits = 1; result = limits.most"), 99999,
    ),
    "trusted-replace-argument": Case(
        "+js(trusted-replace-argument, document.getElementById, 0, json:\"b\", condition, ad)",
        "<p id=b></p><p id=c></p>" + scripts("result = [document.getElementById('ad').id,"
                                              "document.getElementById('c').id].join()"), "b,c",
    ),
    "trusted-prevent-fetch": Case(
        "+js(trusted-prevent-fetch, ads.example, loaded: yes)",
        scripts("fetch('http://ads.example/x').then(r => r.text()).then(t => { result = t })"),
        "loaded: yes",
    ),
    "trusted-prevent-xhr": Case(
        "+js(trusted-prevent-xhr, ads.example, [\"x\"])",
        scripts("const x = new XMLHttpRequest(); x.responseType = 'json';"
                 "x.open('GET', 'http://ads.example/x');"
                 "x.onload = () => { result = x.response[0] }; x.send()"), "x",
    ),
    "trusted-replace-outbound-text": Case(
        "+js(trusted-replace-outbound-text, atob, ad, no, condition, has)",
        scripts("result = [atob(btoa('has ad')), atob(btoa('one ad'))].join()"),
        "has no,one ad",
    ),
    "trusted-suppress-native-method": Case(
        "+js(trusted-suppress-native-method, Element.prototype.setAttribute, '\"data-ad\"')\n"
        "##+js(trusted-suppress-native-method, Storage.prototype.setItem, a|\"/b|c/\", prevent)",
        scripts("document.body.setAttribute('id', 'x'); localStorage.setItem('a', 'b');"
                 "localStorage.setItem('a2', 'd'); document.body.setAttribute('data-ad', '1')",
                 "result = [document.body.id, document.body.dataset.ad,"
                 "localStorage.a, localStorage.a2].join()"), "x,,,d",
    ),
    "trusted-set-attr": Case(
        "+js(trusted-set-attr, .ad, data-done, any thing)",
        "<p class=ad id=p></p>"
        + scripts("addEventListener('load', () => { result = p.dataset.done })"),
        "any thing",
    ),
    "prevent-inner": Case(
        "+js(prevent-innerHTML, p, /bad|worse/)",
        "<p id=p></p><b id=b></b>"
        + scripts("p.innerHTML = 'bad'; b.innerHTML = 'bad'; result ="
                   " [p.textContent, b.textContent].join(); p.innerHTML = 'fine';"
                   "result += p.textContent"), ",badfine",
    ),
    "prevent-canvas": Case(
        "+js(prevent-canvas, 2d)",
        scripts("const c = document.createElement('canvas');"
                 "result = [c.getContext('2d'), c.getContext('bitmaprenderer') !== null].join()"),
        ",true",
    ),
    "spoof-css": Case(
        "+js(spoof-css, .ad, display, block)",
        "<p class=ad style='display: none' id=p></p>"
        + scripts("result = getComputedStyle(p).display"
                   " + getComputedStyle(p).getPropertyValue('display')"), "blockblock",
    ),
    "json-edit": Case(
        "+js(json-edit, .rows.*[?.ad==1])",
        scripts("result = JSON.stringify(JSON.parse('{\"rows\": [{\"ad\": 1}, {\"ad\": 2}]}'))"),
        '{"rows":[{"ad":2}]}',
    ),
    "json-edit-conditions": Case(
        "+js(json-edit, ..node[?.*.kind*=\"spon\"])\n##+js(json-edit, .a=1)",
        scripts("const text = `[{\"node\": {\"x\": {\"kind\": \"sponsored\"}}},"
                 " {\"node\": {\"a\": 2}}]`;"
                 "result = JSON.stringify(JSON.parse(text))"),
        '[{},{"node":{"a":2}}]',
    ),
    "json-edit-fetch": Case(
        "+js(json-edit-fetch-response, .rows.*[?.ad], propsToMatch, /data.json)", scripts(_FETCH),
        '{"text":"story","ads":[1],"rows":[{"ok":2}]}',
    ),
    "json-edit-xhr": Case(
        "+js(json-edit-xhr-response, .rows, propsToMatch, /data.json)", scripts(_XHR),
        '{"text":"story","ads":[1]}',
    ),
    "jsonl-edit-xhr": Case(
        "+js(jsonl-edit-xhr-response, .node[?.kind==\"ad\"], propsToMatch, /lines)",
        scripts(_XHR.replace("data.json", "lines")), '{"node": {"kind": "story"}}\n{}\n',
    ),
    "jsonl-edit-fetch": Case(
        "+js(jsonl-edit-fetch-response, .node[?.kind==\"ad\"], propsToMatch, /lines)",
        scripts("fetch('/lines'" + _TOLD), '{"node": {"kind": "story"}}\n{}\n',
    ),
    "trusted-json-edit": Case(
        "+js(trusted-json-edit, ..ads=[])\n##+js(trusted-json-edit, $+={\"more\": 1})",
        scripts("result = JSON.stringify(JSON.parse('{\"x\": {\"ads\": 5}}'))"),
        '{"x":{"ads":[]},"more":1}',
    ),
    "trusted-json-edit-fetch": Case(
        "+js(trusted-json-edit-fetch-response, .text=\"no\", propsToMatch, /data.json)\n"
        "##+js(trusted-json-edit-fetch-response, .ads, , propsToMatch, /data.json)",
        scripts(_FETCH), '{"text":"no","rows":[{"ad":1},{"ok":2}]}',
    ),
    "trusted-json-edit-xhr": Case(
        "+js(trusted-json-edit-xhr-response, ..ad=0, propsToMatch, /data.json)", scripts(_XHR),
        '{"text":"story","ads":[1],"rows":[{"ad":0},{"ok":2}]}',
    ),
    "json-edit-fetch-request": Case(
        "+js(json-edit-fetch-request, .ad, propsToMatch, /echo)",
        scripts("fetch(" + _SEND + _TOLD), '{"client":{"id":1}}',
    ),
    "trusted-json-edit-fetch-request": Case(
        "+js(trusted-json-edit-fetch-request, .client+={\"screen\": \"x\"}, propsToMatch, /echo)",
        scripts("fetch(new Request(" + _SEND + ")" + _TOLD),
        '{"client":{"id":1,"screen":"x"},"ad":2}',
    ),
    "json-edit-xhr-request": Case(
        "+js(json-edit-xhr-request, .client.id, propsToMatch, /echo)", scripts(_SEND_XHR),
        '{"client":{}}',
    ),
    "trusted-json-edit-xhr-request": Case(
        "+js(trusted-json-edit-xhr-request, ..id=7, propsToMatch, /echo)", scripts(_SEND_XHR),
        '{"client":{"id":7}}',
    ),
    "nobab": Case(
        "+js(nobab)",
        scripts("eval('window.one = 1'); setTimeout('/* BlockAdBlock */ window.two = 2', 1);"
                 "eval('/* blockadblock.com */ window.three = 3');"
                 + _after(60, "[window.one, window.two, window.three].join()")), "1,,",
    ),
    "trusted-click-element": Case(
        "+js(trusted-click-element, '#late:is(a, button), 20, .next')",
        "<div id=box></div><button class=next onclick='window.result = window.first'>x</button>"
        + scripts("setTimeout(() => { box.innerHTML ="
                   "'<button id=late onclick=\"window.first = 1\">y</button>' }, 80)"), 1,
    ),
    "trusted-create-html": Case(
        "+js(trusted-create-html, #box, <b id=made>ad</b>)", "<div id=box></div>"
        + scripts("addEventListener('load', () => { result = box.innerHTML })"),
        '<b id="made">ad</b>',
    ),
    "trusted-override-element-method": Case(
        "+js(trusted-override-element-method, HTMLElement.prototype.click, a[target])",
        "<a id=bad target=x onclick='window.bad1 = 1; return false'>a</a>"
        "<a id=good onclick='window.good1 = 1; return false'>b</a>"
        + scripts("bad.click(); good.click(); result = [window.bad1, window.good1].join()"), ",1",
    ),
    "m3u-prune": Case(
        "+js(m3u-prune, ads/, .m3u8)", scripts("fetch('/list.m3u8'" + _TOLD),
        PLAYLIST.replace("#EXT-X-DISCONTINUITY\n#EXTINF:6,\nads/1.ts\n", ""),
    ),
    "m3u-prune-whole": Case(
        r"+js(m3u-prune, /#EXT-X-DISCONTINUITY[\s\S]+?ads.+\n/gm, .m3u8)",
        scripts(_XHR.replace("data.json", "list.m3u8")),
        PLAYLIST.replace("#EXT-X-DISCONTINUITY\n#EXTINF:6,\nads/1.ts\n", ""),
    ),
    "prevent-clipboard-write": Case(
        "+js(prevent-clipboard-write, /^powershell/)",
        "<textarea id=t>powershell -x</textarea>"
        + scripts("t.select(); result = document.execCommand('copy');"
                   "navigator.clipboard?.writeText('powershell')"), False,
    ),
    "alert-buster": Case("+js(alert-buster)", scripts("alert('x'); result = 1"), 1),
}  # fmt: skip
