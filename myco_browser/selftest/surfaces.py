"""What sites can know of a browser, surface by surface: what ours says, and what others do.

The words about others are those of docs/security.md (a contract test compares them); they come from
their documentation and sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from myco_browser.domain.identity import CHROMIUM_MAJOR, SessionIdentity
from myco_browser.domain.messages import N_

Values = Mapping[str, object]
Told = Callable[[Values], str]
"""What is shown of what a page found."""
Wanted = Callable[[SessionIdentity], str | None]
"""What it has to be; None where it may be anything."""

ABSENT = N_("not there")
PRESENT = N_("there")
USUAL = N_("as usual")
UNUSUAL = N_("not as usual")
YOURS = N_("yours may show")
NO_FONTS = N_("none of this machine")
NOT_NAMED = N_("not named")
SCREEN_IS_PAGE = N_("the page area, at 0, 0")
TIMER = N_("0.1 ms or coarser")
BRANDS = f"Not=A?Brand 24, Chromium {CHROMIUM_MAJOR}"


@dataclass(frozen=True, slots=True)
class Surface:
    """One thing that sites can ask; `row` is its name in docs/security.md."""

    id: str
    row: str
    title: str
    tor: str
    brave: str
    told: Told
    wanted: Wanted


def _plain(key: str) -> Told:
    return lambda values: _text(values.get(key))


def _text(value: object) -> str:
    match value:
        case None | False:
            return ABSENT
        case True:
            return PRESENT
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _always(text: str) -> Wanted:
    return lambda _identity: text


def _any(*keys: str) -> Told:
    return lambda values: PRESENT if any(values.get(key) for key in keys) else ABSENT


def _usual(key: str) -> Told:
    return lambda values: USUAL if values.get(key) is True else UNUSUAL


def _private_only(text: str) -> Wanted:
    return lambda identity: text if identity.uniform else None


def _agent(values: Values) -> str:
    return f"{values.get('userAgent')} · {values.get('platform')}"


def _wanted_agent(identity: SessionIdentity) -> str:
    return f"{identity.user_agent} · Linux x86_64"


def _languages(values: Values) -> str:
    return f"{values.get('languages')} · {values.get('locale')}"


def _wanted_languages(identity: SessionIdentity) -> str:
    tags = [part.partition(";")[0] for part in identity.accept_language.split(",")]
    return f"{','.join(tags)} · {identity.language}"


def _screen(values: Values) -> str:
    if values.get("screenIsPage") and values.get("screenPlace") == "0,0,0,0":
        return SCREEN_IS_PAGE
    return f"{values.get('screenSize')} · {values.get('screenPlace')}"


def _sound(identity: SessionIdentity) -> str:
    return f"{identity.sample_rate}, 0.01, 0, 2"


def _timer(values: Values) -> str:
    step = values.get("timer")
    return TIMER if isinstance(step, int | float) and step >= 0.099 else f"{step} ms"


def _quota(values: Values) -> str:
    quota = values.get("quota")
    return f"{quota / 1024**3:g} GiB" if isinstance(quota, int | float) else ABSENT


SURFACES: tuple[Surface, ...] = (
    Surface("agent", "user agent, platform", N_("User agent and platform"),
            N_("family of the system, frozen version"), N_("Chrome's"), _agent, _wanted_agent),
    Surface("brands", "client hints", N_("Client hints"), N_("none"), N_("like Chrome"),
            _plain("brands"), lambda _identity: BRANDS),
    Surface("system", "client hints", N_("Version of the system"), N_("none"), N_("like Chrome"),
            _plain("system"), _always("Linux")),
    Surface("languages", "languages", N_("Languages"), "en-US", N_("shortened list"), _languages,
            _wanted_languages),
    Surface("zone", "time zone", N_("Time zone"), N_("UTC, later Reykjavík"), N_("yours"),
            _plain("zone"), lambda identity: identity.time_zone),
    Surface("cores", "processors", N_("Number of processors"), N_("fixed"), N_("random"),
            _plain("hardwareConcurrency"), _always("8")),
    Surface("memory", "memory class", N_("Memory"), N_("not there"), N_("random"),
            _plain("deviceMemory"), _always(ABSENT)),
    Surface("heap", "JavaScript heap limit", N_("Limit of JavaScript's memory"), "–", "–",
            _plain("heap"), _always(ABSENT)),
    Surface("screen", "screen", N_("Screen"), N_("the page area"), N_("window ± 8 px"), _screen,
            _always(SCREEN_IS_PAGE)),
    Surface("depth", "screen", N_("Depth of colours"), N_("the page area"), N_("window ± 8 px"),
            _plain("screenDepth"), _always("24")),
    Surface("scale", "scale", N_("Scale"), N_("fixed"), N_("real"), _plain("scale"),
            lambda identity: "1" if identity.fixed_scale else None),
    Surface("media", "colours, motion, contrast", N_("Colours, motion, contrast"),
            N_("light, usual"), N_("real"), _usual("media"), _private_only(USUAL)),
    Surface("pointer", "pointer, touch", N_("Pointer and touch"), N_("a mouse"), N_("real"),
            _usual("pointer"), _always(USUAL)),
    Surface("timer", "timers", N_("Steps of clocks"), N_("16.7 or 100 ms"), "0.1 ms", _timer,
            _always(TIMER)),
    Surface("canvas", "canvas, text", N_("Drawing and text"), N_("asks first"), N_("random noise"),
            _plain("canvas"), lambda _identity: None),
    Surface("fonts", "fonts", N_("Fonts of this machine"), N_("bundled"), N_("allow-list"),
            lambda values: str(values.get("fonts") or NO_FONTS), _private_only(NO_FONTS)),
    Surface("sound", "sound", N_("Sound"), N_("fixed rate"), N_("random noise"), _plain("sound"),
            _sound),
    Surface("webgl", "WebGL", N_("Graphics card (WebGL)"), N_("limited"), N_("random names"),
            _plain("webgl"), lambda identity: None if identity.webgl else ABSENT),
    Surface("renderer", "WebGL", N_("Name of the graphics card"), N_("limited"),
            N_("random names"), lambda values: str(values.get("renderer") or NOT_NAMED),
            _always(NOT_NAMED)),
    Surface("webgpu", "WebGPU", N_("Graphics card (WebGPU)"), N_("off"), N_("random"),
            _plain("webgpu"), _always(ABSENT)),
    Surface("devices", "cameras, microphones", N_("Cameras and microphones"), N_("generic"),
            N_("shuffled"), _plain("devices"), _always("0")),
    Surface("hardware", "voices, USB, HID, serial, Bluetooth, XR",
            N_("Voices, USB, HID, serial, Bluetooth, XR"), N_("off"), N_("random, off"),
            _any("hardware", "speech"), _always(ABSENT)),
    Surface("gamepads", "gamepads", N_("Gamepads"), N_("off"), N_("random"), _plain("gamepads"),
            lambda identity: PRESENT if identity.devices else ABSENT),
    Surface("battery", "battery, network kind, keyboard layout, MIDI",
            N_("Battery, kind of network, keyboard layout, MIDI"), N_("off"), N_("off or random"),
            _any("battery", "network", "keyboard", "midi"), _always(ABSENT)),
    Surface("quota", "storage quota", N_("Room for storage"), "–", "–", _quota,
            lambda identity: f"{identity.storage_quota / 1024**3:g} GiB"),
    Surface("shared-workers", "shared workers", N_("Shared workers"), N_("there"), N_("there"),
            _plain("sharedWorker"), _always(ABSENT)),
    Surface("privacy-control", "global privacy control", N_("“Do not sell or share” (property)"),
            "–", N_("header and property"), _plain("globalPrivacyControl"), _always(PRESENT)),
)  # fmt: skip
