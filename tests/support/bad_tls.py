"""Sites whose encryption is wrong, each in its own way, on loopback."""

from __future__ import annotations

import contextlib
import datetime
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.site import Site, serve

_NOW = datetime.datetime.now(datetime.UTC)
_DAY = datetime.timedelta(days=1)
# OpenSSL keeps weak signatures and old protocols from servers otherwise.
_ANYTHING = "ALL:@SECLEVEL=0"


class Authority:
    """Signs whatever is wanted."""

    def __init__(self, name: str = "Test authority") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - 30 * _DAY)
            .not_valid_after(_NOW + 300 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def sign(
        self,
        host: str,
        *,
        days: tuple[int, int] = (-1, 90),
        by_itself: bool = False,
    ) -> tuple[bytes, bytes]:
        """A certificate and its key, as PEM."""
        mine = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if by_itself else self._name)
            .public_key(mine.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW + days[0] * _DAY)
            .not_valid_after(_NOW + days[1] * _DAY)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(mine if by_itself else self.key, hashes.SHA256())
        )
        private = mine.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return certificate.public_bytes(serialization.Encoding.PEM), private

    def sign_sha1(self, host: str, folder: Path) -> tuple[bytes, bytes]:
        """One with a signature that can be forged; made by `openssl`, libraries refuse to."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        request = x509.CertificateSigningRequestBuilder().subject_name(name)
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        kind = serialization.PrivateFormat.PKCS8
        files = {
            "request": request.sign(key, hashes.SHA256()).public_bytes(pem),
            "key": self.key.private_bytes(pem, kind, plain),
            "authority": self.certificate.public_bytes(pem),
            "names": f"subjectAltName=DNS:{host}".encode(),
        }
        for file, content in files.items():
            (folder / f"sha1-{file}").write_bytes(content)
        made = subprocess.run(
            ["openssl", "x509", "-req", "-sha1", "-days", "90", "-set_serial", "99",
             "-in", "sha1-request", "-CA", "sha1-authority", "-CAkey", "sha1-key",
             "-extfile", "sha1-names"],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        return made.stdout, key.private_bytes(pem, kind, plain)

    def trust(self, home: Path) -> None:
        """Puts it into the NSS database of the user at `home`."""
        folder = home / ".pki" / "nssdb"
        folder.mkdir(parents=True, exist_ok=True)
        file = home / "authority.pem"
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        for arguments in (
            ["-N", "--empty-password"],
            ["-A", "-t", "C,,", "-n", "test", "-i", str(file)],
        ):
            subprocess.run(["certutil", "-d", f"sql:{folder}", *arguments], check=True)


class Certificates:
    """One server's certificates by name; they may be changed while it serves."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.context = new_context()
        self.context.sni_callback = self._choose

    def put(self, host: str, pair: tuple[bytes, bytes]) -> None:
        """From now on `host` shows this one."""
        self._contexts[host] = new_context()
        file = self._folder / f"{host}.pem"
        file.write_bytes(b"".join(pair))
        self._contexts[host].load_cert_chain(file)

    def _choose(
        self, socket: ssl.SSLSocket | ssl.SSLObject, name: str | None, _own: ssl.SSLContext
    ) -> None:
        if name in self._contexts:
            socket.context = self._contexts[name]


def new_context() -> ssl.SSLContext:
    """A server that takes every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(_ANYTHING)
    # A session that is taken up again shows no certificate.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    return context


@contextlib.contextmanager
def serve_old(folder: Path, pair: tuple[bytes, bytes], *, old: bool) -> Iterator[Site]:
    """A server that speaks only what is given up: TLS 1.1, or a cipher that browsers have not."""
    context = new_context()
    file = folder / f"old-{old}.pem"
    file.write_bytes(b"".join(pair))
    context.load_cert_chain(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1 if old else ssl.TLSVersion.TLSv1_2
        context.maximum_version = ssl.TLSVersion.TLSv1_1 if old else ssl.TLSVersion.TLSv1_2
    if not old:
        context.set_ciphers("ECDHE-ECDSA-CAMELLIA128-SHA256:@SECLEVEL=0")
    with serve(context) as site:
        yield site
