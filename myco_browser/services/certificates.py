"""The certificate that a server shows, asked for by a connection of its own through the door.

The engine checks certificates itself but gives them to us only with errors (Qt WebEngine 6.11), so
this is for looking, not for deciding: nothing is verified here, and a site with several servers may
show another certificate than the page's.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from myco_browser.domain.certificate import CertificateFacts
from myco_vpn.link import DialError, dial

_DEADLINE_S = 20.0
_CLIENT = "certificate"
_CUT = 300


def read_certificate(host: str, port: int, proxy: tuple[str, int]) -> CertificateFacts | None:
    """Asks a server for its certificate; None when there is no answer. Blocks up to 20 seconds."""
    return asyncio.run(_read(host, port, proxy))


def facts_of(der: bytes) -> CertificateFacts | None:
    """What a certificate says; None when it cannot be read."""
    try:
        made = x509.load_der_x509_certificate(der)
        return CertificateFacts(
            _name(made.subject),
            _name(made.issuer),
            _names(made),
            made.not_valid_before_utc,
            made.not_valid_after_utc,
            _key(made),
            made.fingerprint(hashes.SHA256()).hex(":").upper(),
        )
    except (ValueError, TypeError, x509.UnsupportedGeneralNameType):
        return None


async def _read(host: str, port: int, proxy: tuple[str, int]) -> CertificateFacts | None:
    with contextlib.suppress(OSError, TimeoutError, DialError, ssl.SSLError):
        async with asyncio.timeout(_DEADLINE_S):
            _reader, writer = await dial(host, port, _CLIENT, proxy)
            try:
                await writer.start_tls(_any_certificate(), server_hostname=host)
                der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            finally:
                writer.close()
            return facts_of(der) if der else None
    return None


def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # It is to be shown, whatever it is; nothing is sent over this connection.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _name(name: x509.Name) -> str:
    common, organisation = (
        next((str(part.value) for part in name.get_attributes_for_oid(kind)), "")
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    )
    if common and organisation:
        return f"{common} ({organisation})"[:_CUT]
    return (common or organisation or name.rfc4514_string())[:_CUT]


def _names(made: x509.Certificate) -> tuple[str, ...]:
    try:
        found = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = map(str, found.get_values_for_type(x509.IPAddress))
    return (*found.get_values_for_type(x509.DNSName), *addresses)[:100]


def _key(made: x509.Certificate) -> str:
    key = made.public_key()
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"ECDSA {key.curve.name}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case _:
            return type(key).__name__.removesuffix("PublicKey").strip("_")
