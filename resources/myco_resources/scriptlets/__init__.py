"""Scriptlets: small functions that filter lists call in pages, under the names that lists use.

All are written for this project from the documented behaviour of each name; `NAME.js` holds one
function expression whose first argument is `kit.js`, what they share. A name that we cannot serve
properly is not here: its calls are passed over.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

KIT = ("kit.js", "kit-requests.js", "kit-json.js")
"""What the scriptlets share."""
TRUST = "trusted-"
"""Canonical names that begin so can run or write anything: only for lists that are trusted."""

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "abort-current-script": ("acs", "abort-current-inline-script", "acis"),
    "abort-on-property-read": ("aopr",),
    "abort-on-property-write": ("aopw",),
    "abort-on-stack-trace": ("aost",),
    "adjust-setInterval": ("nano-setInterval-booster", "nano-sib"),
    "adjust-setTimeout": ("nano-setTimeout-booster", "nano-stb"),
    "alert-buster": (),
    "disable-newtab-links": (),
    "href-sanitizer": (),
    "json-edit": (),
    "json-edit-fetch-request": (),
    "json-edit-fetch-response": (),
    "json-edit-xhr-request": (),
    "json-edit-xhr-response": (),
    "json-prune": (),
    "json-prune-fetch-response": (),
    "json-prune-xhr-response": (),
    "jsonl-edit-fetch-response": (),
    "jsonl-edit-xhr-response": (),
    "m3u-prune": (),
    "nobab": ("bab-defuser",),
    "noeval": (),
    "nofab": ("fuckadblock.js-3.2.0",),
    "nowebrtc": (),
    "popads-dummy": ("popads.net-dummy",),
    "prevent-addEventListener": ("aeld", "addEventListener-defuser"),
    "prevent-canvas": (),
    "prevent-clipboard-write": (),
    "prevent-eval-if": ("noeval-if",),
    "prevent-fetch": ("no-fetch-if",),
    "prevent-innerHTML": (),
    "prevent-popads-net": ("popads.net",),
    "prevent-refresh": ("refresh-defuser",),
    "prevent-requestAnimationFrame": ("norafif", "no-requestAnimationFrame-if"),
    "prevent-setInterval": ("nosiif", "no-setInterval-if", "setInterval-defuser"),
    "prevent-setTimeout": ("nostif", "no-setTimeout-if", "setTimeout-defuser"),
    "prevent-window-open": ("nowoif", "no-window-open-if", "window.open-defuser"),
    "prevent-xhr": ("no-xhr-if",),
    "remove-attr": ("ra",),
    "remove-class": ("rc",),
    "remove-cookie": ("cookie-remover",),
    "remove-node-text": ("rmnt",),
    "set-attr": (),
    "set-constant": ("set",),
    "set-cookie": (),
    "set-local-storage-item": (),
    "set-session-storage-item": (),
    "spoof-css": (),
    "trusted-click-element": (),
    "trusted-create-html": (),
    "trusted-json-edit": (),
    "trusted-json-edit-fetch-request": (),
    "trusted-json-edit-fetch-response": (),
    "trusted-json-edit-xhr-request": (),
    "trusted-json-edit-xhr-response": (),
    "trusted-jsonl-edit-fetch-response": (),
    "trusted-jsonl-edit-xhr-response": (),
    "trusted-override-element-method": (),
    "trusted-prevent-fetch": (),
    "trusted-prevent-xhr": (),
    "trusted-replace-argument": (),
    "trusted-replace-fetch-response": ("trusted-rpfr",),
    "trusted-replace-node-text": ("trusted-rpnt", "replace-node-text", "rpnt"),
    "trusted-replace-outbound-text": (),
    "trusted-replace-xhr-response": (),
    "trusted-set-attr": (),
    "trusted-set-constant": ("trusted-set",),
    "trusted-set-cookie": (),
    "trusted-set-local-storage-item": (),
    "trusted-set-session-storage-item": (),
    "trusted-suppress-native-method": (),
    "xml-prune": (),
}
_CANONICAL = {
    name: canonical for canonical, others in _OTHER_NAMES.items() for name in (canonical, *others)
}


def names() -> tuple[str, ...]:
    """The canonical names, sorted."""
    return tuple(sorted(_OTHER_NAMES))


def aliases_of(canonical: str) -> tuple[str, ...]:
    """The other names of a scriptlet. Raises KeyError for a name that is not canonical."""
    return _OTHER_NAMES[canonical]


def canonical_name(name: str) -> str | None:
    """The canonical name for one that a list uses, with or without `.js`; None when unknown."""
    return _CANONICAL.get(name.strip().removesuffix(".js"))


def needs_trust(canonical: str) -> bool:
    """Whether only lists that are trusted may call it."""
    return canonical.startswith(TRUST)


def source_of(name: str) -> str | None:
    """The function expression for a name that a list uses; None when we have none."""
    canonical = canonical_name(name)
    return None if canonical is None else _read(f"{canonical}.js")


def kit() -> str:
    """The expression whose value every scriptlet takes first."""
    basis, *others = map(_read, KIT)
    joined = "".join(f"Object.assign(basis, ({other})(basis));" for other in others)
    return f"((basis) => {{ {joined} return basis; }})({basis})"


@cache
def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
