"""The launcher's asyncio part: supervisor, hand-over server and signals in one loop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket

from myco_browser.launcher import handover
from myco_browser.launcher.door import StartedDoor
from myco_browser.launcher.handover import HandedOver
from myco_browser.launcher.spawning import LauncherSettings, SessionName, Spawned
from myco_browser.launcher.supervisor import Supervisor


def serve(
    settings: LauncherSettings,
    listener: socket.socket,
    door: StartedDoor,
    name: SessionName,
    first: Spawned,
) -> int:
    """Run until the last session has ended; the exit status."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s: %(message)s")
    return asyncio.run(_serve(settings, listener, door, name, first))


async def _serve(
    settings: LauncherSettings,
    listener: socket.socket,
    door: StartedDoor,
    name: SessionName,
    first: Spawned,
) -> int:
    supervisor = Supervisor(settings, door, name, first)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.quit)

    def on_request(handed: HandedOver) -> None:
        supervisor.open(handed.private, handed.request)

    server = await handover.serve(listener, on_request)
    try:
        return await supervisor.wait()
    finally:
        server.close()
