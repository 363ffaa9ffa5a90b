"""A word that exists nowhere else, put wherever pages put things in a private session.

When the session has ended, the launcher looks for it on this computer: where the word stayed,
something of the pages may have stayed, too.
"""

from __future__ import annotations

import secrets

from PyQt6.QtCore import QCoreApplication, QEvent, QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings

# No such host can exist (RFC 2606); the page comes from here and asks for nothing.
_HOST = "canary.invalid"
_LIFE_MS = 2000
_PAGE = """<!doctype html><title>WORD</title><p>WORD</p><script>
const word = "WORD", quietly = act => { try { act(); } catch {} };
window.name = word;
quietly(() => { document.cookie = "page=" + word; });
quietly(() => localStorage.setItem("canary", word));
quietly(() => sessionStorage.setItem("canary", word));
quietly(() => history.pushState({word}, "", "#" + word));
quietly(() => {
  const asked = indexedDB.open("canary");
  asked.onupgradeneeded = () => asked.result.createObjectStore("canary").put(word, 1);
});
quietly(() => caches.open("canary").then(
  cache => cache.put("/" + word, new Response(word)), () => {}));
quietly(() => navigator.storage.getDirectory().then(async root => {
  const file = await (await root.getFileHandle("canary", {create: true})).createWritable();
  await file.write(word);
  await file.close();
}).catch(() => {}));
quietly(() => { window.kept = new Blob([word]); });
</script>"""


def new_canary() -> str:
    """A word of 128 random bits."""
    return f"canary{secrets.token_hex(16)}"


class Canary:
    """Puts `word` into a session's storage, by a hidden page."""

    def __init__(self, profile: QWebEngineProfile, word: str) -> None:
        self._page: QWebEnginePage | None = QWebEnginePage(profile)
        if (settings := self._page.settings()) is not None:
            # The host would be looked up for its picture.
            settings.setAttribute(QWebEngineSettings.WebAttribute.AutoLoadIconsForPage, False)
        self._page.loadFinished.connect(lambda: QTimer.singleShot(_LIFE_MS, self.end))
        self._page.setHtml(_PAGE.replace("WORD", word), QUrl(f"https://{_HOST}/"))

    def end(self) -> None:
        """Lets the page go, at the latest before the profile."""
        page, self._page = self._page, None
        if page is not None:
            page.deleteLater()
            QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)
