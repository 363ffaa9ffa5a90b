"""Libraries that web sites recognise visitors with, served to a page of ours on loopback.

scripts/test fetches them; without them ($MYCO_PAGE_LIBRARIES) the tests that need them are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.site import Answer, Site

_FILES = {
    "fingerprintjs": "@fingerprintjs/fingerprintjs/dist/fp.umd.min.js",
    "thumbmark": "@thumbmarkjs/thumbmarkjs/dist/thumbmark.umd.js",
    "clientjs": "clientjs/dist/client.min.js",
    "fingerprintjs2": "fingerprintjs2/dist/fingerprint2.min.js",
}
LIBRARIES = tuple(_FILES)
# Each gives [identifier, components]; how long a component took is no part of it.
_PAGE = """<!doctype html><title>libraries</title><body>
<script src=/fingerprintjs.js></script><script src=/thumbmark.js></script>
<script src=/clientjs.js></script><script src=/fingerprintjs2.js></script><script>
(async () => {
  const results = {};
  const first = await (await FingerprintJS.load({monitoring: false})).get();
  results.fingerprintjs = [first.visitorId, Object.fromEntries(
    Object.entries(first.components).map(([name, one]) => [name, one.value ?? String(one.error)]))];
  const second = await new ThumbmarkJS.Thumbmark({logging: false}).get();
  results.thumbmark = [second.thumbmark, second.components];
  const client = new ClientJS();
  results.clientjs = [String(client.getFingerprint()), Object.fromEntries(
    ['getUserAgent', 'getScreenPrint', 'getColorDepth', 'getPlugins', 'getFonts', 'getTimeZone',
     'getLanguage', 'getSystemLanguage', 'getCanvasPrint', 'isLocalStorage', 'getCPU']
    .map(name => [name, String(client[name]())]))];
  const third = await new Promise(done => Fingerprint2.get(done));
  results.fingerprintjs2 = [Fingerprint2.x64hash128(third.map(one => String(one.value)).join(), 31),
    Object.fromEntries(third.map(one => [one.key, one.value]))];
  window.results = JSON.stringify(results);
})().catch(error => window.results = JSON.stringify({error: String(error.stack)}));
</script>"""


def serve_libraries(site: Site, host: str) -> None:
    """Serves the page that runs them all at `host`/libraries; skips the test without them."""
    folder = os.environ.get("MYCO_PAGE_LIBRARIES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("the fingerprinting libraries are not here: scripts/test fetches them with npm")
    for name, file in _FILES.items():
        body = Path(folder, file).read_bytes()
        site.pages[f"{host}/{name}.js"] = Answer(body, "text/javascript")
    site.page(f"{host}/libraries", _PAGE)
