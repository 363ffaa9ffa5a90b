"""Pages that ask for a security key: the card, what it says, and what the page gets."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import load_der_public_key
from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Site
from support.trusted_site import serve_trusted

_HEAD = "<!doctype html><meta charset=utf-8><title>page</title>"
_CAPABILITIES = (
    "window.told = ''; PublicKeyCredential.getClientCapabilities()"
    ".then(c => { window.told = JSON.stringify(c); }); 1"
)
_FAKE = """
from types import SimpleNamespace
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWebEngineCore import QWebEngineWebAuthUxRequest as R
from myco_browser.ui.security_keys import SecurityKeyCard
class Fake(QObject):
    stateChanged = pyqtSignal(object)
    def __init__(self):
        super().__init__()
        self.now, self.log, self.why = R.WebAuthUxState.FinishTokenCollection, [], None
        self.pin = SimpleNamespace(reason=R.PinEntryReason.Challenge, error=R.PinEntryError.NoError,
                                   remainingAttempts=8, minPinLength=4)
    def relyingPartyId(self): return 'shop.example'
    def state(self): return self.now
    def userNames(self): return ['ada', 'bob']
    def pinRequest(self): return self.pin
    def requestFailureReason(self): return self.why
    def setPin(self, text): self.log.append(text)
    def setSelectedAccount(self, name): self.log.append(name)
    def retry(self): self.log.append('retry')
    def cancel(self): self.log.append('cancel')
    def go(self, state):
        self.now = getattr(R.WebAuthUxState, state)
        self.stateChanged.emit(self.now)
session.fake = Fake()
session.R = R
session.card = SecurityKeyCard(tab, session.fake)
session.gone = []
session.card.destroyed.connect(lambda: session.gone.append(1))
"""

# What a page of a shop does: a key is made, then shown, and what came goes to the server.
_SHOP = """
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_");
const tell = (what, fields) => fetch("/" + what + "?" + new URLSearchParams(fields));
const challenge = new Uint8Array(32).fill(7);
async function make() {
  const made = await navigator.credentials.create({ publicKey: {
    challenge, rp: { name: "Shop" }, user: { id: challenge, name: "ada", displayName: "Ada" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  } });
  window.id = made.rawId;
  await tell("made", { key: words(made.response.getPublicKey()) });
}
async function show(id) {
  const allowCredentials = [{ type: "public-key", id, transports: ["usb"] }];
  const { response } = await navigator.credentials.get({ publicKey: { challenge,
    allowCredentials, userVerification: "required" } });
  await tell("shown", { data: words(response.authenticatorData),
    client: words(response.clientDataJSON), signature: words(response.signature) });
}
const run = (act) => { act.catch((error) => tell("failed", { name: error.name })); return 1; };
"""
# The engine's own stand-in for a key: it can do what a real one does, and asks the user nothing.
_KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
_TOOLS = "tab.page.gate.inspection"


def _ask_engine(session: LedSession, number: int, method: str, **params: object) -> None:
    """Says a word of the inspection protocol over the bridge, and waits until it is answered."""
    inner = json.dumps({"id": number, "method": method, "params": params})
    outer = json.dumps({"id": 0, "method": "dispatchProtocolMessage", "params": [inner]})
    script = (
        "{ const before = DevToolsAPI.dispatchMessage; DevToolsAPI.dispatchMessage = (text) => {"
        f" if (JSON.parse(text).id === {number}) window.answer{number} = text;"
        " else before(text); }; }"
        f"DevToolsHost.sendMessageToEmbedder({json.dumps(outer)})"
    )
    session.do(f"session.told = []\n{_TOOLS}._tools.runJavaScript({script!r}, 0)")
    session.wait_for(
        f"{_TOOLS}._tools.runJavaScript('window.answer{number}', 0, session.told.append)"
        " or any(session.told)"
    )
    assert "result" in json.loads(next(filter(None, session.value("session.told"))))


def _told(site: Site, what: str) -> dict[str, str]:
    """What a page told the server."""
    start = f"shop.example/{what}?"
    assert wait_until(lambda: any(one.startswith(start) for one in site.arrived))
    (found,) = [one for one in site.arrived if one.startswith(start)]
    return {name: values[0] for name, values in parse_qs(found.partition("?")[2]).items()}


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


def _use_a_key(session: LedSession, site: Site) -> None:
    """Makes a key and shows it: the server can check what it gets."""
    session.do(f"{_TOOLS}.build()")
    session.wait_for(f"{_TOOLS}.is_armed")
    _ask_engine(session, 901, "WebAuthn.enable", enableUI=True)
    _ask_engine(session, 902, "WebAuthn.addVirtualAuthenticator", options=_KEY)
    session.script("run(make())")
    key = load_der_public_key(_bytes(_told(site, "made")["key"]))
    assert isinstance(key, EllipticCurvePublicKey)
    session.script("run(show(window.id))")
    shown = {name: _bytes(text) for name, text in _told(site, "shown").items()}
    digest = Hash(SHA256())
    digest.update(shown["client"])
    # It would raise: this is what the server relies on.
    key.verify(shown["signature"], shown["data"] + digest.finalize(), ECDSA(SHA256()))
    said = json.loads(shown["client"])
    assert said["origin"] == "https://shop.example"
    assert _bytes(said["challenge"] + "=") == b"\x07" * 32


def _show_an_unknown_key(session: LedSession, site: Site) -> None:
    """The engine tells us so, we tell the user, and the page hears what the user does."""
    session.do(
        "from myco_browser.ui.security_keys import SecurityKeyCard\n"
        "session.cards = lambda tab: tab.findChildren(SecurityKeyCard)"
    )
    session.script("run(show(new Uint8Array(32)))")
    session.wait_for("len(session.cards(tab))")
    card = "session.cards(tab)[0]"
    assert session.value(f"[{card}._host, {card}.accessibleName(), {card}.isVisible()]") == [
        "shop.example", "That did not work", True,
    ]  # fmt: skip
    session.do(
        "from PyQt6.QtWidgets import QLabel\n"
        f"session.said = [one.text() for one in {card}.findChildren(QLabel)]"
    )
    assert "This site does not know the key." in session.value("session.said")
    assert not any("failed" in one for one in site.arrived)
    session.do(f"{card}.no.click()")
    assert _told(site, "failed") == {"name": "NotAllowedError"}
    session.wait_for("not session.cards(tab)")


def test_the_page_and_the_card(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", "shop.example") as site:
        site.page("shop.example/", f"{_HEAD}<script>{_SHOP}</script>")
        session = rig.start(hosts=f"shop.example:443 127.0.0.1:{site.port}\n")
        session.open("https://shop.example/")
        # The promise that the engine never settles is answered, alike for everybody.
        session.script(_CAPABILITIES)
        session.wait_for_script("window.told.includes('\"hybridTransport\":false')", True)
        native = "PublicKeyCredential.getClientCapabilities.toString()"
        assert session.script(native) == "function () { [native code] }"
        private_pages = session.script("window.told")
        _use_a_key(session, site)
        _show_an_unknown_key(session, site)
        session.do("session._launcher.open_private([])")
        hidden = rig.session()
        hidden.open("https://shop.example/")
        hidden.script(_CAPABILITIES)
        hidden.wait_for_script("window.told", private_pages)
        # What the card says in each state, and what the engine gets.
        session.do(_FAKE)
        session.do("session.fake.go('SelectAccount'); session.card.buttons[1].click()")
        session.do("session.fake.go('CollectPin'); session.card.pin.setText('12')\n"
                   "session.card.buttons[-1].click()")  # fmt: skip
        assert session.value("session.fake.log") == ["bob"]
        session.do("session.card.pin.setText('1234'); session.card.buttons[-1].click()")
        session.do(
            "session.fake.pin.error = session.R.PinEntryError.WrongPin\n"
            "session.fake.pin.remainingAttempts = 2\nsession.fake.go('CollectPin')"
        )
        text = session.value("session.card._problem.text()")
        assert text == "The PIN is wrong. 2 tries are left."
        session.do(
            "session.fake.why = session.R.RequestFailureReason.Timeout\n"
            "session.fake.go('RequestFailed'); session.card.buttons[-1].click()"
        )
        session.do(
            "session.fake.why = session.R.RequestFailureReason.HardPinBlock\n"
            "session.fake.go('RequestFailed'); assert session.card.buttons == []\n"
            "session.card.no.click()"
        )
        session.wait_for("len(session.gone)")
        assert session.value("session.fake.log") == ["bob", "1234", "retry", "cancel"]
