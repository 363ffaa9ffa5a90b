"""Harmless resources that answer in place of a blocked one, under the names that lists use.

All are written for this project from the public behaviour that pages rely on. The small pictures
and the silence are made here, byte by byte.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from myco_resources.standins.film import film

_SCRIPT = "text/javascript; charset=utf-8"
_GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


class StandIn(NamedTuple):
    """What is answered."""

    kind: str
    body: bytes


def _file(name: str, kind: str) -> Callable[[], StandIn]:
    return lambda: StandIn(kind, files(__name__).joinpath(name).read_bytes())


def _given(kind: str, body: bytes) -> Callable[[], StandIn]:
    return lambda: StandIn(kind, body)


def _png(side: int) -> Callable[[], StandIn]:
    """A transparent picture of 8-bit grey with alpha (PNG specification, colour type 4)."""

    def make() -> StandIn:
        header = struct.pack(">IIBBBBB", side, side, 8, 4, 0, 0, 0)
        rows = (b"\0" + b"\0\0" * side) * side
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
        body = b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(content)) + name + content
            + struct.pack(">I", zlib.crc32(name + content))
            for name, content in parts
        )  # fmt: skip
        return StandIn("image/png", body)

    return make


# MPEG-1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes and 26 ms whose data are all zero.
_SILENCE = (b"\xff\xfb\x90\x64" + bytes(413)) * 4

_MAKERS: dict[str, Callable[[], StandIn]] = {
    "noop.js": _given(_SCRIPT, b"(() => {})();\n"),
    "noop.txt": _given("text/plain; charset=utf-8", b""),
    "noop.css": _given("text/css; charset=utf-8", b""),
    "noop.json": _given("application/json", b"{}"),
    "noop.html": _file("noop.html", "text/html; charset=utf-8"),
    "empty": _given("text/plain; charset=utf-8", b""),
    "1x1.gif": _given("image/gif", _GIF),
    "2x2.png": _png(2),
    "3x2.png": _png(3),
    "32x32.png": _png(32),
    "noop-0.1s.mp3": _given("audio/mpeg", _SILENCE),
    "noop-1s.mp4": lambda: StandIn("video/mp4", film()),
    "noop-vast.xml": _file("vast.xml", "text/xml; charset=utf-8"),
    "noop-vmap.xml": _file("vmap.xml", "text/xml; charset=utf-8"),
    "google-analytics_analytics.js": _file("analytics.js", _SCRIPT),
    "googletagmanager_gtm.js": _file("gtm.js", _SCRIPT),
    "googletagservices_gpt.js": _file("gpt.js", _SCRIPT),
    "googlesyndication_adsbygoogle.js": _file("adsbygoogle.js", _SCRIPT),
    "amazon_apstag.js": _file("apstag.js", _SCRIPT),
    "google-ima.js": _file("ima.js", _SCRIPT),
    "google-analytics_ga.js": _file("ga.js", _SCRIPT),
    "google-analytics_cx_api.js": _file("cx-api.js", _SCRIPT),
    "scorecardresearch_beacon.js": _file("beacon.js", _SCRIPT),
    "chartbeat.js": _file("chartbeat.js", _SCRIPT),
    "outbrain-widget.js": _file("outbrain.js", _SCRIPT),
    "amazon_ads.js": _file("amzn-ads.js", _SCRIPT),
    "prebid-ads.js": _file("prebid-ads.js", _SCRIPT),
    "fuckadblock.js-3.2.0": _file("fuckadblock.js", _SCRIPT),
    "popads.js": _file("popads.js", _SCRIPT),
    "fingerprint2.js": _file("fingerprint2.js", _SCRIPT),
    "fingerprint3.js": _file("fingerprint3.js", _SCRIPT),
    "doubleclick_instream_ad_status.js": _given(_SCRIPT, b"window.google_ad_status = 1;\n"),
}

_ALIASES = {
    "noopjs": "noop.js",
    "nooptext": "noop.txt",
    "noopcss": "noop.css",
    "noopjson": "noop.json",
    "noopframe": "noop.html",
    "1x1-transparent.gif": "1x1.gif",
    "2x2-transparent.png": "2x2.png",
    "3x2-transparent.png": "3x2.png",
    "32x32-transparent.png": "32x32.png",
    "noopmp3-0.1s": "noop-0.1s.mp3",
    "noopvast-2.0": "noop-vast.xml",
    "noopvast-3.0": "noop-vast.xml",
    "noopvast-4.0": "noop-vast.xml",
    "noop-vast2.xml": "noop-vast.xml",
    "noop-vast3.xml": "noop-vast.xml",
    "noop-vast4.xml": "noop-vast.xml",
    "noopvmap-1.0": "noop-vmap.xml",
    "noop-vmap1.0.xml": "noop-vmap.xml",
    "google-analytics.com/analytics.js": "google-analytics_analytics.js",
    "googletagmanager.com/gtm.js": "googletagmanager_gtm.js",
    "googletagservices.com/gpt.js": "googletagservices_gpt.js",
    "googlesyndication.com/adsbygoogle.js": "googlesyndication_adsbygoogle.js",
    "doubleclick.net/instream/ad_status.js": "doubleclick_instream_ad_status.js",
    "fingerprint2": "fingerprint2.js",
    "fingerprint3": "fingerprint3.js",
    "noopmp4-1s": "noop-1s.mp4",
    "google-ima": "google-ima.js",
    "google-ima3": "google-ima.js",
    "google-analytics.com/ga.js": "google-analytics_ga.js",
    "google-analytics.com/cx/api.js": "google-analytics_cx_api.js",
    "scorecardresearch.com/beacon.js": "scorecardresearch_beacon.js",
    "widgets.outbrain.com/outbrain.js": "outbrain-widget.js",
    "amazon-adsystem.com/aax2/amzn_ads.js": "amazon_ads.js",
    "amazon-adsystem.com/aax2/apstag.js": "amazon_apstag.js",
    "amazon_ads": "amazon_ads.js",
    "amazon_apstag": "amazon_apstag.js",
    "popads.net.js": "popads.js",
    "popads.net": "popads.js",
}


def canonical_name(name: str) -> str | None:
    """The name that a list's word for a resource stands for, None when we have none."""
    known = _ALIASES.get(name, name)
    return known if known in _MAKERS else None


@cache
def stand_in(name: str) -> StandIn | None:
    """The resource of that canonical name, None when there is none."""
    maker = _MAKERS.get(name)
    return maker() if maker is not None else None


def names() -> tuple[str, ...]:
    """All canonical names."""
    return tuple(_MAKERS)
