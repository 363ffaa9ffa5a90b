"""Pages that ask for a security key: the card, what it says, and what the page gets."""

from __future__ import annotations

from support.browser_rig import BrowserRig
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


def test_the_page_and_the_card(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", "shop.example") as site:
        site.page("shop.example/", _HEAD)
        session = rig.start(hosts=f"shop.example:443 127.0.0.1:{site.port}\n")
        session.open("https://shop.example/")
        # The promise that the engine never settles is answered, alike for everybody.
        session.script(_CAPABILITIES)
        session.wait_for_script("window.told.includes('\"hybridTransport\":false')", True)
        native = "PublicKeyCredential.getClientCapabilities.toString()"
        assert session.script(native) == "function () { [native code] }"
        private_pages = session.script("window.told")
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
