"""An OpenID provider on loopback: discovery, registration, a page to agree on, tokens that run out.

It follows the standards itself and refuses what they forbid; `lies` makes it misbehave.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass
class OidcServer:
    """What it gave out and was asked. `lies`: "" or "iss", "state", "nonce", "deny"."""

    issuer: str
    user: str
    lasts: int = 3600
    lies: str = ""
    clients: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    """Every token that was ever given out."""


@contextlib.contextmanager
def oidc_server(user: str) -> Iterator[OidcServer]:
    """A provider that is gone afterwards."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    server = OidcServer(f"http://127.0.0.1:{httpd.server_address[1]}", user)
    httpd.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class _Handler(BaseHTTPRequestHandler):
    @property
    def told(self) -> OidcServer:
        found: OidcServer = self.server.told  # type: ignore[attr-defined]
        return found

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        parts, told = urlsplit(self.path), self.told
        query = dict(parse_qsl(parts.query))
        told.asked.append(parts.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                base = told.issuer
                self._json(200, {
                    "issuer": base, "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token", "registration_endpoint": f"{base}/register",
                    "scopes_supported": ["openid", "email", "offline_access", "mail", "contacts"],
                    "code_challenge_methods_supported": ["S256"],
                    "authorization_response_iss_parameter_supported": True,
                })  # fmt: skip
            case "/authorize":
                self._say(200, f'<title>Agree</title><a id=yes href="/agree?{parts.query}">Yes</a>')
            case "/agree":
                self._agree(query)
            case "/introspect":
                token = query.get("token") or query.get("access_token", "")
                self._json(200, {"active": token in told.access, "username": told.user})
            case _:
                self._say(404, "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        told, path = self.told, urlsplit(self.path).path
        told.asked.append(path)
        if path == "/register":
            client = secrets.token_hex(4)
            told.clients[client] = json.loads(body)["redirect_uris"]
            self._json(201, {"client_id": client})
        elif path == "/introspect":
            token = dict(parse_qsl(body.decode())).get("token", "")
            self._json(200, {"active": token in told.access, "username": told.user})
        elif path == "/token":
            self._token(dict(parse_qsl(body.decode())))
        else:
            self._say(404, "")

    def _agree(self, query: dict[str, str]) -> None:
        told = self.told
        good = (
            query.get("redirect_uri") in told.clients.get(query.get("client_id", ""), [])
            and query.get("response_type") == "code"
            and query.get("code_challenge_method") == "S256"
            and query.get("code_challenge") and query.get("nonce") and query.get("state")
        )  # fmt: skip
        if not good:
            self._say(400, "refused")
            return
        code = secrets.token_urlsafe(16)
        told.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": told.issuer}
        match told.lies:
            case "iss":
                answer["iss"] = "http://evil.test"
            case "state":
                answer["state"] = "x"
            case "deny":
                answer = {"error": "access_denied", "state": query["state"], "iss": told.issuer}
            case _:
                pass
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _token(self, form: dict[str, str]) -> None:
        told = self.told
        claims: dict[str, object] = {}
        if form.get("grant_type") == "authorization_code":
            query = told.codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                query is None
                or proof != query["code_challenge"]
                or any(form.get(key) != query[key] for key in ("client_id", "redirect_uri"))
            ):
                self._json(400, {"error": "invalid_grant"})
                return
            claims["nonce"] = "x" if told.lies == "nonce" else query["nonce"]
        elif told.refresh.pop(form.get("refresh_token", ""), None) != form.get("client_id"):
            self._json(400, {"error": "invalid_grant"})
            return
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        told.access.add(access)
        told.refresh[refresh] = form["client_id"]
        told.secrets |= {access, refresh}
        claims |= {"iss": told.issuer, "aud": form["client_id"], "exp": time.time() + 600}
        parts = (json.dumps(one).encode() for one in ({"alg": "none"}, claims))
        identity = ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)
        self._json(200, {
            "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
            "expires_in": told.lasts, "id_token": f"{identity}.",
        })  # fmt: skip

    def _json(self, status: int, body: dict[str, object]) -> None:
        self._say(status, json.dumps(body), "application/json")

    def _say(self, status: int, body: str, kind: str = "text/html") -> None:
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(raw)
