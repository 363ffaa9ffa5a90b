"""Joins the window that shows certificates to the door."""

from __future__ import annotations

from collections.abc import Callable

from myco_browser.bridge.worker import Worker
from myco_browser.domain.certificate import CertificateFacts, Certificates


def certificates_by(worker: Worker, door: tuple[str, int]) -> Certificates:
    """Asks for certificates through the door, beside the Qt thread."""

    def ask(host: str, port: int, done: Callable[[CertificateFacts | None], None]) -> None:
        from myco_browser.services.certificates import read_certificate  # slow to import

        worker.compute(lambda: read_certificate(host, port, door), done)

    return ask
