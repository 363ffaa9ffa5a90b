"""Signing in on a provider's page: the code flow with PKCE (RFC 6749, 7636, 8252, 9207, OpenID
Connect Core 1.0). Everything is asked through the door; tokens are returned to be sealed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.hosts import is_loopback_host
from myco_browser.domain.oauth import SignInCause, SignInError
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials, Line
from myco_browser.system.dialled import Way

CLIENT = "myco-browser"
"""What we are called where a provider lets nobody introduce themselves (RFC 7591)."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_LONGEST = 1 << 18
_FORM = "application/x-www-form-urlencoded"
_WISHED = ("openid", "email", "offline_access")
_FIRST_PORT, _PORTS = 49152, 16384


class Provider(NamedTuple):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization: str
    token: str
    registration: str
    scopes: tuple[str, ...]
    tells_issuer: bool
    """Whether its answers name it (RFC 9207)."""


class Attempt(NamedTuple):
    """One sign-in that is on its way; of no use to another."""

    provider: Provider
    client: str
    redirect: str
    verifier: str
    state: str
    nonce: str

    def page(self, hint: str) -> str:
        """The address of the page on which the user agrees; `hint` is the mail address."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        known = self.provider.scopes
        scopes = [one for one in _WISHED if one in known or one == "openid"]
        query = {
            "response_type": "code", "client_id": self.client, "redirect_uri": self.redirect,
            "scope": " ".join([*scopes, *(one for one in known if one in _SERVICES)]),
            "state": self.state, "nonce": self.nonce, "code_challenge": _text(digest),
            "code_challenge_method": "S256", "prompt": "consent", "login_hint": hint,
        }  # fmt: skip
        begin = self.provider.authorization
        return f"{begin}{'&' if '?' in begin else '?'}{urlencode(query)}"


# What providers call the right to somebody's mail, contacts and files.
_SERVICES = frozenset({"mail", "imap", "smtp", "contacts", "carddav", "files", "webdav", "dav"})


class Grant(NamedTuple):
    """What the user agreed to. A secret: sealed, and nowhere else."""

    token_address: str
    client: str
    refresh: str
    access: str
    expires: float
    """Unix seconds."""

    def __repr__(self) -> str:
        return "Grant(…)"

    def text(self) -> str:
        """To be sealed."""
        return _MARK + json.dumps(self._asdict())


_MARK = "myco-grant-1:"


def read_grant(text: str) -> Grant | None:
    """A grant that was sealed; None for a password."""
    if not text.startswith(_MARK):
        return None
    try:
        row = json.loads(text.removeprefix(_MARK))
        return Grant(
            str(row["token_address"]), str(row["client"]), str(row["refresh"]),
            str(row["access"]), float(row["expires"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def discover(way: Way, text: str) -> Provider:
    """The provider at an address, or of a domain. Raises SignInError."""
    typed = text.strip().rpartition("@")[2]
    address = _checked(typed if "://" in typed else f"https://{typed}")
    base = address.url.rstrip("/")
    status, body = _ask(way, f"{base}{_WELL_KNOWN}", None)
    if status != 200:
        raise SignInError(SignInCause.NO_PROVIDER, f"status {status}")
    issuer = _word(body, "issuer")
    # Whoever claims to be somebody else is not believed (Discovery, 4.3).
    if issuer.rstrip("/") != base:
        raise SignInError(SignInCause.BROKEN, "it calls itself something else")
    methods = body.get("code_challenge_methods_supported", ["S256"])
    if not isinstance(methods, list) or "S256" not in methods:
        raise SignInError(SignInCause.NO_PROVIDER, "it knows no PKCE")
    scopes = body.get("scopes_supported", [])
    provider = Provider(
        issuer, _word(body, "authorization_endpoint"), _word(body, "token_endpoint"),
        str(body.get("registration_endpoint", "")),
        tuple(str(one) for one in scopes[:100]) if isinstance(scopes, list) else (),
        body.get("authorization_response_iss_parameter_supported") is True,
    )  # fmt: skip
    _checked(provider.authorization)
    _checked(provider.token)
    return provider


def begin(way: Way, provider: Provider) -> Attempt:
    """Prepares a sign-in; introduces us where the provider allows it. Raises SignInError."""
    # RFC 8252, 7.3. Nobody listens there: the tab is stopped before it would ask.
    redirect = f"http://127.0.0.1:{_FIRST_PORT + secrets.randbelow(_PORTS)}/signed-in"
    words = (secrets.token_urlsafe(48), secrets.token_urlsafe(24), secrets.token_urlsafe(24))
    return Attempt(provider, _client(way, provider, redirect), redirect, *words)


def redeem(way: Way, attempt: Attempt, url: str) -> Grant:
    """Makes a grant of the address that the provider led the tab to. Raises SignInError."""
    found = dict(parse_qsl(url.partition("?")[2].partition("#")[0]))
    if not hmac.compare_digest(found.get("state", "").encode(), attempt.state.encode()):
        raise SignInError(SignInCause.FORGED, "another state")
    told = found.get("iss", "")
    if (attempt.provider.tells_issuer or told) and told != attempt.provider.issuer:
        raise SignInError(SignInCause.FORGED, "another issuer")
    if "error" in found or not found.get("code"):
        raise SignInError(SignInCause.REFUSED, found.get("error", "no code")[:80])
    body = _tokens(
        way,
        attempt.provider.token,
        {
            "grant_type": "authorization_code", "code": found["code"],
            "redirect_uri": attempt.redirect, "client_id": attempt.client,
            "code_verifier": attempt.verifier,
        },
    )  # fmt: skip
    _check_identity(_word(body, "id_token"), attempt)
    return _grant(body, attempt.provider.token, attempt.client, "")


def renewed(way: Way, grant: Grant) -> Grant:
    """The grant with an access token that is good for a while. Raises SignInError."""
    if not grant.refresh:
        raise SignInError(SignInCause.REFUSED, "nothing to renew it with")
    asked = {"grant_type": "refresh_token", "refresh_token": grant.refresh}
    body = _tokens(way, grant.token_address, {**asked, "client_id": grant.client})
    return _grant(body, grant.token_address, grant.client, grant.refresh)


def _client(way: Way, provider: Provider, redirect: str) -> str:
    if not provider.registration:
        return CLIENT
    _checked(provider.registration)
    wish = {
        "client_name": "Myco Browser", "application_type": "native", "redirect_uris": [redirect],
        "token_endpoint_auth_method": "none", "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
    }  # fmt: skip
    raw = json.dumps(wish).encode()
    status, body = _ask(way, provider.registration, raw, "application/json")
    return _word(body, "client_id") if status in (200, 201) else CLIENT


def _check_identity(token: str, attempt: Attempt) -> None:
    """The token came from the provider itself over TLS (OpenID Connect Core, 3.1.3.7, 6)."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        audience = claims["aud"]
        good = (
            claims["iss"] == attempt.provider.issuer
            and attempt.client in (audience if isinstance(audience, list) else [audience])
            and hmac.compare_digest(str(claims["nonce"]).encode(), attempt.nonce.encode())
            and float(claims["exp"]) > time.time() - 300
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise SignInError(SignInCause.BROKEN, "no identity") from error
    if not good:
        raise SignInError(SignInCause.FORGED, "another identity")


def _tokens(way: Way, url: str, form: Mapping[str, str]) -> Mapping[str, object]:
    status, body = _ask(way, url, urlencode(form).encode(), _FORM)
    if status != 200:
        cause = SignInCause.REFUSED if 400 <= status < 500 else SignInCause.UNREACHABLE
        raise SignInError(cause, f"status {status} {str(body.get('error', ''))[:80]}")
    if _word(body, "token_type").lower() != "bearer":
        raise SignInError(SignInCause.BROKEN, "another kind of token")
    return body


def _grant(body: Mapping[str, object], url: str, client: str, refresh: str) -> Grant:
    seconds = body.get("expires_in", 3600)
    lasts = float(seconds) if isinstance(seconds, int | float) else 3600.0
    new = body.get("refresh_token")
    kept = new if isinstance(new, str) and new else refresh
    return Grant(url, client, kept, _word(body, "access_token"), time.time() + lasts)


def _ask(
    way: Way, url: str, body: bytes | None, kind: str = ""
) -> tuple[int, Mapping[str, object]]:
    address = _checked(url)
    headers = {"Accept": "application/json", **({"Content-Type": kind} if kind else {})}
    try:
        line = Line(way, address, Credentials())
        try:
            answer = line.ask("POST" if body is not None else "GET", address.rest, headers, body)
            raw = answer.drained(_LONGEST)
        finally:
            line.close()
    except FilesError as error:
        raise SignInError(SignInCause.UNREACHABLE, str(error)) from error
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError) as error:
        if answer.status != 200:
            return answer.status, {}
        raise SignInError(SignInCause.BROKEN, "no JSON") from error
    return answer.status, found if isinstance(found, dict) else {}


def _word(body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise SignInError(SignInCause.BROKEN, f"no {key}")
    return value


def _checked(url: str) -> WebAddress:
    found = parse_web_address(url)
    if found is None or found.userinfo:
        raise SignInError(SignInCause.NO_PROVIDER, "no address")
    if found.scheme != "https" and not is_loopback_host(found.host):
        raise SignInError(SignInCause.NO_PROVIDER, "not encrypted")
    return found


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
