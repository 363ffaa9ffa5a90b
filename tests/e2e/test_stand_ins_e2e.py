"""Stand-ins give pages what they rely on, and the tracker's server is not asked."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_PATIENCE_S = 5.0


@dataclass(frozen=True)
class _Case:
    """A page with `{ad}` in place of the tracker's address, and what its `result` then is."""

    resource: str
    page: str
    wanted: object
    kind: str = "script"


_LOADED = "<script src='{ad}'></script>"
_PLAYER = """
<div id=place></div><video id=film></video><script>
const seen = [];
const show = new google.ima.AdDisplayContainer(place, film);
show.initialize();
const loader = new google.ima.AdsLoader(show);
loader.addEventListener(google.ima.AdErrorEvent.Type.AD_ERROR, () => seen.push("error"));
loader.addEventListener(google.ima.AdsManagerLoadedEvent.Type.ADS_MANAGER_LOADED, (loaded) => {
  const manager = loaded.getAdsManager(film, new google.ima.AdsRenderingSettings());
  const types = google.ima.AdEvent.Type;
  for (const name of ["LOADED", "STARTED", "COMPLETE", "CONTENT_PAUSE_REQUESTED"]) {
    manager.addEventListener(types[name], (event) => seen.push(event.type));
  }
  manager.addEventListener(types.CONTENT_RESUME_REQUESTED, (event) => {
    seen.push(event.getAd().getAdPodInfo().getTotalAds());
  });
  manager.addEventListener(types.ALL_ADS_COMPLETED, () => {
    seen.push(loaded.getUserRequestContext().mine, place.childElementCount);
    result = seen.join();
  });
  manager.init(640, 360, google.ima.ViewMode.NORMAL);
  manager.start();
});
const request = new google.ima.AdsRequest();
request.adTagUrl = "http://ads.example/vast";
google.ima.settings.setLocale("fr");
loader.requestAds(request, {mine: google.ima.settings.getLocale()});
</script>"""

_CASES = {
    "ima": _Case(
        "google-ima.js", _LOADED + _PLAYER,
        "loaded,contentPauseRequested,start,complete,1,fr,1",
    ),
    "film": _Case(
        "noopmp4-1s",
        "<video src='{ad}' muted onended='result = [this.duration, this.videoWidth].join()'"
        " onerror='result = \"error\"'></video><script>document.querySelector('video').play()"
        "</script>",
        "1,16", "media",
    ),
    "silence": _Case(
        "noopmp3-0.1s",
        "<audio src='{ad}' onloadedmetadata='result = this.duration < 0.3'"
        " onerror='result = \"error\"'>", True, "media",
    ),
    "bait": _Case("prebid-ads.js", _LOADED + "<script>result = window.canRunAds</script>", True),
    "checker": _Case(
        "fuckadblock.js-3.2.0",
        _LOADED + "<script>fuckAdBlock.onDetected(() => { result = 'seen' })"
        ".onNotDetected(() => { result = new BlockAdBlock().check() })</script>", True,
    ),
    "old-counter": _Case(
        "google-analytics.com/ga.js",
        "<script>var _gaq = [['_setAccount', 'U'], () => { window.ran = 1 }]</script>" + _LOADED
        + "<script>result = [window.ran, _gat._getTracker('U')._getLinkerUrl('/x'),"
        "_gaq.push(['_trackPageview'])].join()</script>", "1,/x,0",
    ),
    "counter": _Case(
        "google-analytics.com/analytics.js",
        "<script>window.ga = (...w) => (ga.q = ga.q || []).push(w);"
        "ga('send', {hitCallback: () => { result = ga.getAll().length }})</script>" + _LOADED, 1,
    ),
    "experiments": _Case(
        "google-analytics.com/cx/api.js",
        _LOADED + "<script>result = cxApi.chooseVariation()</script>", 0,
    ),
    "beacon": _Case(
        "scorecardresearch.com/beacon.js",
        _LOADED + "<script>COMSCORE.beacon({c1: 2}); result = _comscore.length</script>", 0,
    ),
    "readers": _Case(
        "chartbeat.js",
        _LOADED + "<script>pSUPERFLY.virtualPage('/x'); result = typeof pSUPERFLY.addEngaged"
        "</script>", "function",
    ),
    "stories": _Case(
        "outbrain-widget.js",
        _LOADED + "<script>OBR.extern.video.getVideoRecs();"
        "result = typeof OBR.extern.researchWidget()</script>", "undefined",
    ),
    "bids": _Case(
        "amazon-adsystem.com/aax2/amzn_ads.js",
        _LOADED + "<script>amznads.getAdsCallback('1', () => { result = amznads.hasAds() })"
        "</script>", False,
    ),
    "windows": _Case(
        "popads.net.js",
        _LOADED + "<script>window.PopAds = {}; result = 'went on'</script>"
        "<script>result = window.result || 'ended'</script>", "ended",
    ),
    "tags": _Case(
        "googletagservices_gpt.js",
        "<script>var googletag = {cmd: [() => { window.early = 1 }]}</script>" + _LOADED
        + "<script>googletag.cmd.push(() => { result = [early,"
        "googletag.defineSlot('/1', [1, 1], 'x').addService(googletag.pubads())"
        ".getSlotElementId()].join() })</script>", "1,x",
    ),
}  # fmt: skip


def _result(session: LedSession, wanted: object) -> object:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        found: object = session.script("window.result === undefined ? 'nothing' : window.result")
        if found == wanted or time.monotonic() > deadline:
            return found
        threading.Event().wait(0.02)


def test_each_stand_in_does_what_pages_rely_on(rig: BrowserRig, site: Site) -> None:
    lines = []
    for name, case in _CASES.items():
        place = f"ads.example/{name}"
        page = case.page.replace("{ad}", f"http://{place}")
        site.page(f"{name}.example/", f"<!doctype html><title>{name}</title><body>{page}")
        lines.append(f"||{place}${case.kind},redirect={case.resource}")
    session = rig.start(hosts=site.host_map())
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('test', 'Test', {chr(10).join(lines)!r})])\n"
        "session._context.policy.set_engine(engine)"
    )
    found: dict[str, object] = {}
    for name, case in _CASES.items():
        session.open(f"http://{name}.example/")
        found[name] = _result(session, case.wanted)
    assert found == {name: case.wanted for name, case in _CASES.items()}
    assert not [place for place in site.arrived if place.startswith("ads.example")]
