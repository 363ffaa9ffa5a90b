"""What Nextcloud adds to WebDAV: signing in on its page, links to share, the bin, pictures.

Written from its public developer manual: Login Flow v2, OCS Share API, WebDAV trash bin, previews.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.files import FilesCause, Share
from myco_browser.files.errors import FilesError, error_of
from myco_browser.files.http import Answer, Credentials, Line
from myco_browser.files.multistatus import NEXTCLOUD, Multistatus
from myco_browser.files.paths import encoded, is_name
from myco_browser.system.dialled import Way

_DAV = "/remote.php/dav"
_LOGIN = "/index.php/login/v2"
_SHARES = "/ocs/v2.php/apps/files_sharing/api/v1/shares"
_OCS = {"OCS-APIRequest": "true", "Accept": "application/json"}
_FORM = "application/x-www-form-urlencoded"
_LINK = 3  # a share by a public link
_BIN_ASKED = (
    b'<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:n="http://nextcloud.org/ns"><d:prop>'
    b"<n:trashbin-filename/><n:trashbin-original-location/><n:trashbin-deletion-time/>"
    b"</d:prop></d:propfind>"
)
_LARGEST_PREVIEW = 4 << 20


class Flow(NamedTuple):
    """A sign-in that has begun: the page for the user, and where to ask whether it is done."""

    page: str
    poll: WebAddress
    token: str


class Granted(NamedTuple):
    """What the server gave after the user agreed: a password for this program alone."""

    server: WebAddress
    user: str
    password: str


def files_root(server: WebAddress, user: str) -> WebAddress:
    """Where the files of a user are, below a Nextcloud's address."""
    base = _base(server)
    name = urllib.parse.quote(user, safe="@.-_~")
    return replace(server, rest=f"{base}{_DAV}/files/{name}/")


def server_of(root: WebAddress) -> tuple[WebAddress, str] | None:
    """The Nextcloud and the user that a root of files belongs to; None for any other server."""
    base, found, rest = root.rest.partition(f"{_DAV}/files/")
    user = urllib.parse.unquote(rest.strip("/"))
    if not found or not user or "/" in user:
        return None
    return replace(root, rest=f"{base}/"), user


def is_nextcloud(way: Way, server: WebAddress) -> bool:
    """Whether there is a Nextcloud at this address. Raises FilesError when nothing answers."""
    line = Line(way, server, Credentials())
    try:
        answer = line.ask("GET", f"{_base(server)}/status.php", {"Accept": "application/json"})
        return answer.status == 200 and "installed" in _object(answer)
    except FilesError as error:
        if error.cause is FilesCause.BROKEN:
            return False
        raise
    finally:
        line.close()


def user_number(way: Way, server: WebAddress, credentials: Credentials) -> str:
    """The server's own name for a user, who may sign in by a mail address. Raises FilesError."""
    line = Line(way, server, credentials)
    try:
        answer = line.ask("GET", f"{_base(server)}/ocs/v2.php/cloud/user?format=json", _OCS)
        if answer.status != 200:
            raise error_of(answer.status, "user")
        found = _object(answer).get("ocs")
    finally:
        line.close()
    data = found.get("data") if isinstance(found, dict) else None
    user = data.get("id") if isinstance(data, dict) else None
    if not isinstance(user, str) or not is_name(user):
        raise FilesError(FilesCause.BROKEN, "user")
    return user


def begin_login(way: Way, server: WebAddress, name: str) -> Flow:
    """Begins a sign-in; `name` is what the user sees it called by. Raises FilesError."""
    line = Line(way, server, Credentials())
    try:
        # Nextcloud shows the user agent to the user as the name of the program.
        answer = line.ask("POST", f"{_base(server)}{_LOGIN}", {"User-Agent": name})
        if answer.status != 200:
            raise error_of(answer.status, "login flow")
        body = _object(answer)
    finally:
        line.close()
    poll = body.get("poll")
    page, token = body.get("login"), poll.get("token") if isinstance(poll, dict) else None
    endpoint = parse_web_address(str(poll.get("endpoint"))) if isinstance(poll, dict) else None
    login = parse_web_address(str(page))
    if login is None or endpoint is None or not isinstance(token, str):
        raise FilesError(FilesCause.BROKEN, "login flow")
    # Both must be the server that the user named: another one would get the answer.
    if {login.authority, endpoint.authority} != {server.authority}:
        raise FilesError(FilesCause.BROKEN, "the sign-in leads to another server")
    return Flow(login.url, endpoint, token)


def poll_login(way: Way, server: WebAddress, flow: Flow) -> Granted | None:
    """What the user agreed to; None as long as that is open. Raises FilesError."""
    line = Line(way, flow.poll, Credentials())
    body = urllib.parse.urlencode({"token": flow.token}).encode()
    try:
        answer = line.ask("POST", flow.poll.rest, {"Content-Type": _FORM}, body)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise error_of(answer.status, "login flow")
        found = _object(answer)
    finally:
        line.close()
    user, password = found.get("loginName"), found.get("appPassword")
    if not isinstance(user, str) or not isinstance(password, str) or not user:
        raise FilesError(FilesCause.BROKEN, "login flow")
    return Granted(server, user, password)


class Nextcloud:
    """Shares, bin and pictures of one account. For one thread."""

    def __init__(self, way: Way, root: WebAddress, credentials: Credentials) -> None:
        """`root` must be one of `files_root`. Raises FilesError."""
        found = server_of(root)
        if found is None:
            raise FilesError(FilesCause.UNSUPPORTED, "no Nextcloud")
        server, self._user = found
        self._base = _base(server)
        self._origin = f"{server.scheme}://{server.authority}"
        self._bin = f"{self._base}{_DAV}/trashbin/{urllib.parse.quote(self._user)}"
        self.line = Line(way, server, credentials)

    def share(self, path: str, expires: str = "", password: str = "") -> Share:
        """Makes a link with which others may look; `expires` is YYYY-MM-DD. Raises FilesError."""
        wish = {"path": f"/{path}", "shareType": str(_LINK), "permissions": "1"}
        if expires:
            wish["expireDate"] = expires
        if password:
            wish["password"] = password
        body = urllib.parse.urlencode(wish).encode()
        return _share(self._ocs("POST", _SHARES, body))

    def shares(self, path: str) -> tuple[Share, ...]:
        """The links to a file or folder. Raises FilesError."""
        query = urllib.parse.urlencode({"path": f"/{path}"})
        found = self._ocs("GET", f"{_SHARES}?{query}")
        rows = found if isinstance(found, list) else []
        links = [row for row in rows if isinstance(row, dict) and row.get("share_type") == _LINK]
        return tuple(_share(row) for row in links)

    def unshare(self, share: Share) -> None:
        """Ends a link. Raises FilesError."""
        if not share.number.isalnum():
            raise FilesError(FilesCause.BROKEN, "no number of a share")
        self._ocs("DELETE", f"{_SHARES}/{share.number}")

    def has_bin(self) -> bool:
        """Whether what is deleted can be brought back: servers may do without. FilesError."""
        answer = self.line.ask("PROPFIND", f"{self._bin}/trash", {"Depth": "0"}, _BIN_ASKED)
        answer.drained()
        return answer.status == 207

    def restore(self, path: str) -> None:
        """Brings back from the bin what was deleted under a path, the last time. FilesError."""
        answer = self.line.ask("PROPFIND", f"{self._bin}/trash", {"Depth": "1"}, _BIN_ASKED)
        if answer.status != 207:
            self.line.close()
            raise error_of(answer.status, "trash bin")
        reader, newest, place = Multistatus(), -1, ""
        rows = [row for piece in answer.body for row in reader.feed(piece)]
        for row in (*rows, *reader.finish()):
            where = row.properties.get((NEXTCLOUD, "trashbin-original-location"), "")
            when = row.number("trashbin-deletion-time", NEXTCLOUD) or 0
            if where.strip("/") == path and when > newest:
                newest, place = when, urllib.parse.urlsplit(row.href).path
        if not place.startswith(f"{self._bin}/trash/"):
            raise FilesError(FilesCause.GONE, "not in the bin")
        name = place.rstrip("/").rpartition("/")[2]
        target = f"{self._origin}{self._bin}/restore/{name}"
        headers = {"Destination": target, "Overwrite": "F"}
        moved = self.line.ask("MOVE", f"{self._bin}/trash/{name}", headers)
        moved.drained()
        if moved.status not in (201, 204):
            raise error_of(moved.status, "restore")

    def picture(self, number: str, side: int) -> bytes:
        """A small picture of a file, by its number; b"" when there is none. Raises FilesError."""
        query = urllib.parse.urlencode({"fileId": number, "x": side, "y": side, "a": "1"})
        answer = self.line.ask("GET", f"{self._base}/index.php/core/preview?{query}")
        body = answer.drained(_LARGEST_PREVIEW)
        return body if answer.status == 200 else b""

    def _ocs(self, method: str, target: str, body: bytes | None = None) -> Any:
        headers = {**_OCS, "Content-Type": _FORM} if body is not None else _OCS
        answer = self.line.ask(method, f"{self._base}{target}", headers, body)
        if answer.status not in (200, 201):
            answer.drained()
            raise error_of(answer.status, "shares")
        found = _object(answer).get("ocs")
        meta: Mapping[str, Any] = found.get("meta", {}) if isinstance(found, dict) else {}
        if not isinstance(found, dict) or meta.get("statuscode") not in (100, 200):
            raise FilesError(FilesCause.FORBIDDEN, str(meta.get("message", ""))[:200])
        return found.get("data")


def chunk_folder(root: WebAddress, name: str) -> str:
    """Where the pieces of a large file are gathered (chunked upload, version 2)."""
    found = server_of(root)
    if found is None:
        raise FilesError(FilesCause.UNSUPPORTED, "no Nextcloud")
    server, user = found
    return encoded(f"{_base(server)}{_DAV}/uploads/{urllib.parse.quote(user)}", name)


def pieces_of(size: int, piece: int) -> Iterator[tuple[int, int, int]]:
    """Number (from 1), offset and length of each piece of a file, at most 10,000 of them."""
    piece = max(piece, -(-size // 10_000))
    for number, offset in enumerate(range(0, size, piece), 1):
        yield number, offset, min(piece, size - offset)


def _base(server: WebAddress) -> str:
    return server.rest.partition("?")[0].partition("#")[0].rstrip("/").removesuffix("/index.php")


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.drained())
    except (ValueError, RecursionError) as error:
        raise FilesError(FilesCause.BROKEN, "no JSON") from error
    if not isinstance(found, dict):
        raise FilesError(FilesCause.BROKEN, "not what was asked for")
    return found


def _share(row: Any) -> Share:
    if not isinstance(row, dict) or parse_web_address(str(row.get("url"))) is None:
        raise FilesError(FilesCause.BROKEN, "no link")
    return Share(
        str(row.get("id", "")),
        str(row["url"]),
        str(row.get("path", "")).strip("/"),
        str(row.get("expiration") or "")[:10],
        bool(row.get("password") or row.get("share_with")),
    )
