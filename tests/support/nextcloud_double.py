"""A stand-in for a Nextcloud, after its developer manual: WebDAV, sign-in, links, pieces, bin.

    python nextcloud_double.py FACTS       FACTS: JSON with port, files, uploads, grant, trash

The WebDAV part is wsgidav. The user is alice, also as alice@coop.test; the password "alicepw", or
"app-password" once she has agreed, which she has done when the file `grant` exists.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

USER = "alice"
_FILES = f"/remote.php/dav/files/{USER}"
_UPLOADS = f"/remote.php/dav/uploads/{USER}"
_TRASH = f"/remote.php/dav/trashbin/{USER}"
_WORDS = ("alicepw", "app-password")
Start = Callable[[str, list[tuple[str, str]]], object]
Environ = dict[str, Any]


class Double:
    """The application."""

    def __init__(self, facts: dict[str, Any], dav: Callable[..., Iterable[bytes]]) -> None:
        self._facts = facts
        self._dav = dav
        self._shares: list[dict[str, object]] = []
        self._polled = False
        self._thrown = 0
        self._origins: dict[str, tuple[str, int]] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/status.php":
            return _json(start, {"installed": True, "version": "31.0.0.0"})
        if path == "/index.php/login/v2" and method == "POST":
            base = f"http://127.0.0.1:{self._facts['port']}"
            poll = {"token": "t" * 64, "endpoint": f"{base}/index.php/login/v2/poll"}
            return _json(start, {"poll": poll, "login": f"{base}/login/flow/x"})
        if path == "/index.php/login/v2/poll":
            return self._poll(environ, start)
        if not _is_alice(environ):
            start("401 Unauthorized", [("Content-Length", "0")])
            return []
        if path.startswith("/ocs/"):
            return self._ocs(environ, start, path, method)
        if path.startswith(_UPLOADS) and path.endswith("/.file") and method == "MOVE":
            return self._assemble(environ, start, path)
        if path.startswith(_TRASH):
            return self._bin(environ, start, path, method)
        if path.startswith(_FILES) and method == "DELETE":
            return self._throw_away(start, path)
        return self._dav(environ, start)

    def _throw_away(self, start: Start, path: str) -> Iterable[bytes]:
        place = path.encode("latin-1").decode().removeprefix(_FILES).strip("/")
        file = Path(self._facts["files"]) / place
        if not file.exists():
            start("404 Not Found", [("Content-Length", "0")])
            return []
        self._thrown += 1
        name = f"{file.name}.d{self._thrown}"
        file.rename(Path(self._facts["trash"]) / name)
        self._origins[name] = (place, self._thrown)
        start("204 No Content", [("Content-Length", "0")])
        return []

    def _bin(self, environ: Environ, start: Start, path: str, method: str) -> Iterable[bytes]:
        trash = Path(self._facts["trash"])
        if not trash.exists():
            start("404 Not Found", [("Content-Length", "0")])
            return []
        if method == "MOVE":
            file = trash / path.encode("latin-1").decode().rpartition("/")[2]
            place, _when = self._origins.pop(file.name)
            file.rename(Path(self._facts["files"]) / place)
            start("201 Created", [("Content-Length", "0")])
            return []
        rows = [
            f"<d:response><d:href>{_TRASH}/trash/{urllib.parse.quote(name)}</d:href><d:propstat>"
            f"<d:prop><n:trashbin-original-location>{place}</n:trashbin-original-location>"
            f"<n:trashbin-deletion-time>{when}</n:trashbin-deletion-time></d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
            for name, (place, when) in self._origins.items()
        ]
        body = (
            '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" '
            f'xmlns:n="http://nextcloud.org/ns">{"".join(rows)}</d:multistatus>'
        ).encode()
        start("207 Multi-Status", [("Content-Type", "application/xml"),
                                   ("Content-Length", str(len(body)))])  # fmt: skip
        return [body]

    def _poll(self, environ: Environ, start: Start) -> Iterable[bytes]:
        form = urllib.parse.parse_qs(_body(environ).decode())
        granted = Path(self._facts["grant"]).exists() and form.get("token") == ["t" * 64]
        if not granted or self._polled:
            start("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", "2")])
            return [b"[]"]
        self._polled = True
        base = f"http://127.0.0.1:{self._facts['port']}"
        return _json(start, {"server": base, "loginName": USER, "appPassword": "app-password"})

    def _ocs(self, environ: Environ, start: Start, path: str, method: str) -> Iterable[bytes]:
        if environ.get("HTTP_OCS_APIREQUEST") != "true":
            start("412 Precondition Failed", [("Content-Length", "0")])
            return []
        if path == "/ocs/v2.php/cloud/user":
            return _ocs_json(start, {"id": USER})
        if method == "POST":
            form = {k: v[0] for k, v in urllib.parse.parse_qs(_body(environ).decode()).items()}
            share: dict[str, object] = {
                "id": str(len(self._shares) + 1),
                "share_type": int(form["shareType"]),
                "path": form["path"],
                "expiration": f"{form['expireDate']} 00:00:00" if "expireDate" in form else None,
                "password": form.get("password"),
                "permissions": int(form["permissions"]),
                "url": f"http://127.0.0.1:{self._facts['port']}/s/{len(self._shares)}abc",
            }
            self._shares.append(share)
            return _ocs_json(start, share)
        if method == "DELETE":
            self._shares = [s for s in self._shares if s["id"] != path.rpartition("/")[2]]
            return _ocs_json(start, [])
        wanted = urllib.parse.parse_qs(environ["QUERY_STRING"]).get("path", [""])[0]
        return _ocs_json(start, [share for share in self._shares if share["path"] == wanted])

    def _assemble(self, environ: Environ, start: Start, path: str) -> Iterable[bytes]:
        folder = Path(self._facts["uploads"]) / path.removeprefix(_UPLOADS).split("/")[1]
        target = urllib.parse.unquote(urllib.parse.urlsplit(environ["HTTP_DESTINATION"]).path)
        file = Path(self._facts["files"]) / target.removeprefix(f"{_FILES}/")
        if file.exists() and environ.get("HTTP_OVERWRITE") == "F":
            start("412 Precondition Failed", [("Content-Length", "0")])
            return []
        pieces = sorted(folder.iterdir())
        content = b"".join(piece.read_bytes() for piece in pieces)
        if len(content) != int(environ["HTTP_OC_TOTAL_LENGTH"]):
            start("400 Bad Request", [("Content-Length", "0")])
            return []
        file.write_bytes(content)
        for piece in pieces:
            piece.unlink()
        folder.rmdir()
        start("201 Created", [("Content-Length", "0")])
        return []


def _is_alice(environ: Environ) -> bool:
    kind, _, word = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    pair = base64.b64decode(word).decode() if kind == "Basic" else ""
    name, _, password = pair.partition(":")
    return name in (USER, f"{USER}@coop.test") and password in _WORDS


def _body(environ: Environ) -> bytes:
    content: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return content


def _ocs_json(start: Start, data: object) -> Iterable[bytes]:
    return _json(start, {"ocs": {"meta": {"status": "ok", "statuscode": 200}, "data": data}})


def _json(start: Start, value: object) -> Iterable[bytes]:
    body = json.dumps(value).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """Serves for ever."""
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    facts = json.loads(sys.argv[1])
    dav = WsgiDAVApp(
        {
            "provider_mapping": {_FILES: facts["files"], _UPLOADS: facts["uploads"]},
            # Who it is was looked at before.
            "simple_dc": {"user_mapping": {"*": True}},
            "property_manager": True,
            "lock_storage": True,
            "verbose": 0,
        }
    )
    wsgi.Server(("127.0.0.1", facts["port"]), Double(facts, dav)).start()


if __name__ == "__main__":
    main()
