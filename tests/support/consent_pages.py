"""Pages with banners like those of the usual consent tools, written after their public structure.

Each tells the server what was pressed: "/no-NAME.png" (with the number of boxes still ticked),
or "/yes-NAME.png". Buttons of consent come first, so that a wrong press would be seen.
"""

from __future__ import annotations

_SCRIPT = """
const tell = (what) => { new Image().src = `/${what}-NAME.png`; };
const gone = () => document.querySelectorAll("[data-banner]").forEach((one) => one.remove());
const yes = () => { tell("yes"); gone(); };
const no = () => { tell("no"); gone(); };
const save = () => { tell(`no${document.querySelectorAll("input:checked:not(:disabled)").length}`);
  gone(); };
const open2 = () => { document.querySelector("[data-first]")?.remove();
  const second = document.querySelector("template");
  setTimeout(() => { document.body.append(second.content.cloneNode(true)); }, 120); };
const press = (event) => { const act = event.target.closest("[data-do]")?.dataset.do;
  if (act) ({ yes, no, save, open2 })[act](); };
document.addEventListener("click", press);
"""
_BOXES = (
    '<input type=checkbox checked disabled><input type=checkbox checked class="BOX">'
    '<input type=checkbox checked class="BOX">'
)


def _boxes(kind: str = "") -> str:
    return _BOXES.replace("BOX", kind)


def _page(name: str, body: str, script: str = "") -> str:
    code = _SCRIPT.replace("NAME", name)
    return (
        f"<!doctype html><title>{name}</title><p>Text of the page.</p>{body}"
        f"<script>{code}{script}</script>"
    )


def _button(attributes: str, act: str, text: str) -> str:
    return f"<button {attributes} data-do={act}>{text}</button>"


_DIRECT = {
    "onetrust": (
        "<div id=onetrust-banner-sdk data-banner>"
        + _button("id=onetrust-accept-btn-handler", "yes", "Accept All Cookies")
        + _button("id=onetrust-reject-all-handler", "no", "Reject All") + "</div>"
    ),
    "onetrust-fr": (
        "<div id=onetrust-banner-sdk data-banner>"
        + _button("id=onetrust-accept-btn-handler", "yes", "Tout accepter")
        + "<div id=onetrust-close-btn-container>"
        + _button("class=onetrust-close-btn-handler", "no", "Continuer sans accepter")
        + "</div></div>"
    ),
    "cookiebot": (
        "<div id=CybotCookiebotDialog data-banner>"
        + _button("id=CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll", "yes", "Allow all")
        + _button("id=CybotCookiebotDialogBodyButtonDecline", "no", "Deny") + "</div>"
    ),
    "didomi": (
        "<div id=didomi-host data-banner><div id=didomi-notice>"
        + _button("id=didomi-notice-agree-button", "yes", "Accepter &amp; Fermer")
        + "<span class=didomi-continue-without-agreeing data-do=no tabindex=0>Continuer sans"
        " accepter</span></div></div>"
    ),
    "quantcast": (
        "<div id=qc-cmp2-ui data-banner><div class=qc-cmp2-summary-buttons>"
        + _button("mode=primary", "yes", "AGREE") + _button("mode=secondary", "no", "DISAGREE")
        + "</div></div>"
    ),
    "trustarc": (
        "<div id=truste-consent-track data-banner>"
        + _button("id=truste-consent-button", "yes", "Agree and Proceed")
        + _button("id=truste-consent-required", "no", "Required Only") + "</div>"
    ),
    "sourcepoint": (
        "<div class=message data-banner>"
        + _button("class='message-button sp_choice_type_11'", "yes", "Accept all")
        + _button("class='message-button sp_choice_type_13'", "no", "Reject all") + "</div>"
    ),
    "tarteaucitron": (
        "<div id=tarteaucitronRoot data-banner><div id=tarteaucitronAlertBig>"
        + _button("id=tarteaucitronPersonalize2", "yes", "✓ OK, tout accepter")
        + _button("id=tarteaucitronAllDenied2", "no", "✗ Interdire tous les cookies")
        + "</div></div>"
    ),
    "klaro": (
        "<div class=klaro data-banner><div class=cookie-notice>"
        + _button("class='cm-btn cm-btn-success'", "yes", "That’s ok")
        + _button("class='cm-btn cm-btn-danger cn-decline'", "no", "I decline") + "</div></div>"
    ),
    "osano": (
        "<div class=osano-cm-dialog data-banner>"
        + _button("class='osano-cm-accept osano-cm-acceptAll'", "yes", "Accept All")
        + _button("class='osano-cm-denyAll'", "no", "Reject Non-Essential") + "</div>"
    ),
    "cookieyes": (
        "<div class=cky-consent-container data-banner>"
        + _button("class='cky-btn cky-btn-accept'", "yes", "Accept All")
        + _button("class='cky-btn cky-btn-reject'", "no", "Reject All") + "</div>"
    ),
    "complianz": (
        "<div id=cmplz-cookiebanner-container data-banner><div class=cmplz-cookiebanner>"
        + _button("class='cmplz-btn cmplz-accept'", "yes", "Alle akzeptieren")
        + _button("class='cmplz-btn cmplz-deny'", "no", "Ablehnen") + "</div></div>"
    ),
    "sirdata": (
        "<div id=sd-cmp data-banner><button data-do=yes>Tout accepter et continuer</button>"
        "<button data-do=no>Continuer sans accepter &gt;</button></div>"
    ),
    "consentmanager": (
        "<div id=cmpbox data-banner><span class='cmpboxbtn cmpboxbtnyes' data-do=yes>Accept all"
        "</span><span class='cmpboxbtn cmpboxbtnno' data-do=no>Reject</span></div>"
    ),
    "google-fc": (
        "<div class=fc-consent-root data-banner>"
        + _button("class='fc-button fc-cta-consent'", "yes", "Consent")
        + _button("class='fc-button fc-cta-do-not-consent'", "no", "Do not consent") + "</div>"
    ),
    "iubenda": (
        "<div id=iubenda-cs-banner data-banner>"
        + _button("class=iubenda-cs-accept-btn", "yes", "Accetta")
        + _button("class=iubenda-cs-reject-btn", "no", "Rifiuta") + "</div>"
    ),
}  # fmt: skip
_SHADOW = {
    "axeptio": (
        "axeptio_overlay",
        _button("id=axeptio_btn_acceptAll", "yes", "OK pour moi")
        + _button("id=axeptio_btn_dismiss", "no", "Non merci"),
    ),
    "usercentrics": (
        "usercentrics-root",
        "<div data-testid=uc-default-wall>"
        + _button("data-testid=uc-accept-all-button", "yes", "Accept All")
        + _button("data-testid=uc-deny-all-button", "no", "Deny") + "</div>",
    ),
}  # fmt: skip
_TWO_STEPS = {
    "onetrust-two": (
        "<div id=onetrust-banner-sdk>"
        + _button("id=onetrust-accept-btn-handler", "yes", "Accept All Cookies")
        + _button("id=onetrust-pc-btn-handler", "open2", "Cookie Settings") + "</div>",
        "<div id=onetrust-pc-sdk>"
        + _button("id=accept-recommended-btn-handler", "yes", "Allow All")
        + _boxes("category-switch-handler")
        + _button("class=save-preference-btn-handler", "save", "Confirm My Choices") + "</div>",
    ),
    "google-fc-two": (
        "<div class=fc-consent-root>" + _button("class='fc-cta-consent'", "yes", "Consent")
        + _button("class='fc-cta-manage-options'", "open2", "Manage options") + "</div>",
        "<div class=fc-consent-root><div class=fc-preference-container>" + _boxes()
        + "</div>" + _button("class=fc-data-preferences-accept-all", "yes", "Accept all")
        + _button("class=fc-confirm-choices", "save", "Confirm choices") + "</div>",
    ),
    "tarteaucitron-two": (
        "<div id=tarteaucitronAlertBig>" + _button("id=tarteaucitronAllow", "yes", "Tout accepter")
        + _button("id=tarteaucitronPersonalize", "open2", "Personnaliser") + "</div>",
        "<div id=tarteaucitron>" + _button("id=tarteaucitronAllAllowed", "yes", "Tout accepter")
        + _button("id=tarteaucitronAllDenied", "no", "Tout refuser") + "</div>",
    ),
}  # fmt: skip


def pages() -> dict[str, str]:
    """Name to page, each with a banner that can be refused."""
    made = {name: _page(name, body) for name, body in _DIRECT.items()}
    for name, (host, inner) in _SHADOW.items():
        # Clicks inside a shadow tree are heard outside as clicks on its host.
        script = (
            f"const root = document.getElementById('{host}').attachShadow({{mode: 'open'}});"
            f"root.innerHTML = `{inner}`; root.addEventListener('click', press);"
        )
        made[name] = _page(name, f"<div id={host} data-banner></div>", script)
    for name, (first, second) in _TWO_STEPS.items():
        body = (
            f"<div data-banner data-first>{first}</div>"
            f"<template><div data-banner>{second}</div></template>"
        )
        made[name] = _page(name, body)
    return made


ONLY_YES = _page(
    "only-yes",
    "<div id=onetrust-banner-sdk data-banner>"
    + _button("id=onetrust-reject-all-handler", "yes", "Accept all cookies")
    + _button("class=onetrust-close-btn-handler", "yes", "OK")
    + "</div>",
)
"""A banner whose refusal button is one of consent in disguise."""
