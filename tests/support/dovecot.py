"""A real Dovecot on loopback, with TLS, started as an ordinary user; and an authority to trust."""

from __future__ import annotations

import contextlib
import getpass
import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

PASSWORD = "pw-é"
_CONF = """
protocols = imap lmtp
listen = {listen}
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{base}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 50
mail_fsync = never
auth_failure_delay = 0
{capability}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Archive {{
    auto = create
    special_use = \\Archive
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
{tokens}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = {listen}
    port = {lmtp}
  }}
}}
"""


_TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {base}/oauth2
}}
"""


@dataclass
class Dovecot:
    """A running server. Any name can log in with PASSWORD."""

    base: Path
    imaps: int
    plain: int
    lmtp: int
    authority: trustme.CA
    authority_file: Path
    listen: str = "127.0.0.1"
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Starts it; returns when it takes connections."""
        command = ["/usr/sbin/dovecot", "-F", "-c", str(self.base / "dovecot.conf")]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 20
        for port in (self.imaps, self.lmtp):
            while True:
                try:
                    socket.create_connection((self.listen, port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline, self.log()
                    assert self.process.poll() is None, self.log()
                    time.sleep(0.02)

    def stop(self) -> None:
        """Ends it with everything that it started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            _kill(self.process.pid)
            self.process = None

    def kill(self) -> None:
        """Ends it at once; its own way takes a second. What it kept is not asked for again."""
        if self.process is not None:
            _kill(self.process.pid)
            self.process.wait()
            self.process = None

    def deliver(self, user: str, *messages: bytes) -> None:
        """Delivers mail as another server would (LMTP)."""
        with smtplib.LMTP(self.listen, self.lmtp, local_hostname="test") as client:
            for message in messages:
                client.sendmail("sender@far.test", [user], message)

    def log(self) -> str:
        """What it said."""
        path = self.base / "log"
        return path.read_text()[-3000:] if path.exists() else ""


def _kill(group: int) -> None:
    """Ends a group of processes; some outlive the first of them, and write into its folders."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _is_running(group) and time.monotonic() < deadline:
        time.sleep(0.005)


def _is_running(group: int) -> bool:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = path.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return True
    return False


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


@contextlib.contextmanager
def dovecot(
    *names: str, listen: str = "127.0.0.1", capability: str = "", introspection: str = ""
) -> Iterator[Dovecot]:
    """A server whose certificate is for those names; skips the test where there is no Dovecot.

    With `capability` it says that it can do no more than that. `introspection`: where it asks
    whether a token is good (RFC 7662); without it, it takes none.
    """
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("Dovecot is not installed")
    if os.geteuid() == 0:
        pytest.skip("Dovecot is started as an ordinary user only")
    with tempfile.TemporaryDirectory(prefix="dove-") as folder:
        base = Path(folder)
        for part in ("run", "mail", "home"):
            (base / part).mkdir()
        authority = trustme.CA()
        certificate = authority.issue_cert(*(names or ("localhost",)))
        authority.cert_pem.write_to_path(base / "authority.pem")
        certificate.private_key_pem.write_to_path(base / "key.pem")
        for number, blob in enumerate(certificate.cert_chain_pems):
            blob.write_to_path(base / "cert.pem", append=number > 0)
        imaps, plain, lmtp = free_ports(3)
        group = grp.getgrgid(pwd.getpwuid(os.geteuid()).pw_gid).gr_name
        (base / "dovecot.conf").write_text(
            _CONF.format(
                base=base, user=getpass.getuser(), group=group, uid=os.geteuid(), gid=os.getegid(),
                imaps=imaps, plain=plain, lmtp=lmtp, password=PASSWORD,
                mechanisms=" oauthbearer xoauth2" if introspection else "",
                tokens=_TOKENS.format(base=base) if introspection else "", listen=listen,
                capability=f"imap_capability = {capability}" if capability else "",
            )
        )  # fmt: skip
        trusted = base / "authority.pem"
        (base / "oauth2").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        server = Dovecot(base, imaps, plain, lmtp, authority, trusted, listen)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def message(number: int, subject: str = "", body: str = "Hello\r\n", sender: str = "") -> bytes:
    """A small message."""
    return (
        f"From: {sender or 'Ada <ada@far.test>'}\r\nTo: alice@coop.test\r\n"
        f"Subject: {subject or f'Message {number}'}\r\n"
        f"Date: Mon, 02 Nov 2026 10:{number // 60 % 60:02}:{number % 60:02} +0100\r\n"
        f"Message-ID: <{number}@far.test>\r\n\r\n{body}"
    ).encode()
