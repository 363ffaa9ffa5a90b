"""Real WebDAV servers on loopback for tests: wsgidav, and Apache where it is installed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.files.http import Credentials
from myco_browser.system.dialled import Way
from myco_vpn.framing import JsonObject

USER, PASSWORD = "alice", "alicepw"
CREDENTIALS = Credentials(USER, PASSWORD)
_MODULES = (
    "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav",
    "dav_fs", "mime",
)  # fmt: skip
_APACHE_MODULES = Path("/usr/lib/apache2/modules")


class DavServer(NamedTuple):
    """A running server; `folder` is what it serves."""

    name: str
    root: WebAddress
    folder: Path


def direct_way() -> Way:
    """Connections to loopback, without a door."""

    def dial(host: str, port: int) -> socket.socket:
        return socket.create_connection((host, port), 5)

    def no_tls() -> object:
        raise AssertionError("nothing here is encrypted")

    return Way(dial, no_tls)  # type: ignore[arg-type]


def address_of(port: int, path: str = "/") -> WebAddress:
    """The address of a server on loopback."""
    found = parse_web_address(f"http://127.0.0.1:{port}{path}")
    assert found is not None
    return found


@contextlib.contextmanager
def wsgidav_server(base: Path, mount: str = "/") -> Iterator[DavServer]:
    """wsgidav with one user; its files are below `mount`."""
    files, port = base / "files", free_port()
    files.mkdir(parents=True)
    program = (
        "import sys, json\n"
        "from cheroot import wsgi\n"
        "from wsgidav.wsgidav_app import WsgiDAVApp\n"
        "facts = json.loads(sys.argv[1])\n"
        "app = WsgiDAVApp({'provider_mapping': {facts['mount']: facts['files']},\n"
        "    'simple_dc': {'user_mapping': {'*': {facts['user']: {'password': facts['word']}}}},\n"
        "    'http_authenticator': {'accept_basic': True, 'accept_digest': False,\n"
        "                           'default_to_digest': False},\n"
        "    'property_manager': True, 'lock_storage': True, 'verbose': 0})\n"
        "server = wsgi.Server(('127.0.0.1', facts['port']), app)\n"
        "server.start()\n"
    )
    facts: JsonObject = {
        "mount": mount, "files": str(files), "user": USER, "word": PASSWORD, "port": port,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(facts)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        path = mount if mount.endswith("/") else f"{mount}/"
        yield DavServer("wsgidav", address_of(port, path), files)
    finally:
        process.kill()
        process.wait()


def apache_is_here() -> bool:
    """Whether Debian's Apache with mod_dav can be started."""
    return shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


@contextlib.contextmanager
def apache_server(_base: Path) -> Iterator[DavServer]:
    """Apache's mod_dav with one user; started by root it works as a user of its own."""
    # Not in the test's folder, which other users may not enter.
    with tempfile.TemporaryDirectory(prefix="myco-apache-") as folder:
        base = Path(folder)
        base.chmod(0o755)
        with _apache(base) as running:
            yield running


@contextlib.contextmanager
def _apache(base: Path) -> Iterator[DavServer]:
    files, port = base / "files", free_port()
    for folder in (files, base / "lock", base / "run"):
        folder.mkdir(parents=True)
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    (base / "htpasswd").write_text(f"{USER}:{{SHA}}{digest}\n")
    loads = "\n".join(
        f"LoadModule {name}_module {_APACHE_MODULES}/mod_{name}.so" for name in _MODULES
    )
    person = "" if os.geteuid() else "User www-data\nGroup www-data\n"
    (base / "httpd.conf").write_text(
        f"{loads}\nServerRoot {base}\nListen 127.0.0.1:{port}\nServerName localhost\n"
        f"PidFile {base}/run/pid\nErrorLog {base}/error.log\nTypesConfig /etc/mime.types\n"
        f"DefaultRuntimeDir {base}/run\nDavLockDB {base}/lock/db\nDocumentRoot {files}\n{person}"
        "LimitRequestBody 0\n"
        f"<Directory {files}>\nDav On\nAuthType Basic\nAuthName dav\n"
        f"AuthUserFile {base}/htpasswd\nRequire valid-user\nAllowOverride None\n</Directory>\n"
    )
    if not os.geteuid():
        for one in (files, base / "lock"):
            shutil.chown(one, "www-data", "www-data")
    process = subprocess.Popen(
        ["/usr/sbin/apache2", "-f", str(base / "httpd.conf"), "-DFOREGROUND"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield DavServer("apache", address_of(port), files)
    finally:
        process.terminate()
        process.wait()


class Scripted:
    """A server that answers each connection with bytes of ours, for hostile answers."""

    def __init__(self, *answers: bytes) -> None:
        self.asked: list[bytes] = []
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while self._answers:
                connection, _ = self._listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(5)
                    self.asked.append(connection.recv(65536))
                    connection.sendall(self._answers.pop(0))
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass


def free_port() -> int:
    """A port of loopback that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until something accepts there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        threading.Event().wait(0.02)
    raise AssertionError("the server does not listen")


class CloudServer(NamedTuple):
    """A running stand-in for a Nextcloud."""

    address: WebAddress
    folder: Path
    uploads: Path
    grant: Path
    """Made by a test, this file means that the user has agreed to the sign-in."""
    trash: Path
    """Without this folder the server has no bin."""


@contextlib.contextmanager
def cloud_server(base: Path) -> Iterator[CloudServer]:
    """A Nextcloud, as far as its developer manual tells; see `nextcloud_double`."""
    port = free_port()
    files, uploads, grant = base / "files", base / "uploads", base / "granted"
    trash = base / "trash"
    files.mkdir(parents=True)
    uploads.mkdir()
    trash.mkdir()
    facts = {
        "port": port, "files": str(files), "uploads": str(uploads), "grant": str(grant),
        "trash": str(trash),
    }  # fmt: skip
    program = Path(__file__).with_name("nextcloud_double.py")
    process = subprocess.Popen(
        [sys.executable, str(program), json.dumps(facts)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield CloudServer(address_of(port), files, uploads, grant, trash)
    finally:
        process.kill()
        process.wait()
