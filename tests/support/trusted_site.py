"""A site with encryption that the browser under test trusts, as it trusts those of the web."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import trustme
from support.site import Site, serve


@contextlib.contextmanager
def serve_trusted(home: Path, *names: str) -> Iterator[Site]:
    """Serves https for `names`, by an authority in the NSS database of the user at `home`."""
    authority = trustme.CA()
    folder = home / ".pki" / "nssdb"
    folder.mkdir(parents=True, exist_ok=True)
    file = home / "authority.pem"
    authority.cert_pem.write_to_path(file)
    database = f"sql:{folder}"
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-t", "C,,", "-n", "test", "-i", str(file)],
    ):
        subprocess.run(["certutil", "-d", database, *arguments], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with serve(context) as site:
        yield site
