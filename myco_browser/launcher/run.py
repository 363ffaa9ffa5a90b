"""Runs the launcher that stays."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from myco_browser.cli import Options
from myco_browser.launcher import environment, handover, instance
from myco_browser.launcher.handover import HandedOver
from myco_browser.launcher.instance import Claim
from myco_browser.launcher.session import SESSION_COMMAND, OpenRequest
from myco_browser.launcher.supervisor import LauncherSettings, Supervisor
from myco_browser.system import paths
from myco_vpn.hostmap import HostMapError, parse_host_map

_log = logging.getLogger(__name__)

BAD_ARGUMENT_STATUS = 2


def run(options: Options, claim: Claim, session_command: tuple[str, ...] = SESSION_COMMAND) -> int:
    """Supervise until the last session has ended; the exit status."""
    logging.basicConfig(level=options.log_level.upper(), format="%(levelname)s: %(message)s")
    try:
        problem = _problem_of(options)
        if problem:
            print(f"myco-browser: {problem}", file=sys.stderr)
            return BAD_ARGUMENT_STATUS
        return asyncio.run(_supervise(options, claim, session_command))
    finally:
        _leave(claim)


def _problem_of(options: Options) -> str:
    if options.host_map is None:
        return ""
    try:
        parse_host_map(Path(options.host_map).read_text("utf-8"))
    except (OSError, UnicodeError, HostMapError) as error:
        return f"the host map cannot be used: {error}"
    return ""


def _settings(options: Options, claim: Claim, session_command: tuple[str, ...]) -> LauncherSettings:
    arguments: tuple[str, ...] = ("--log-level", options.log_level)
    if options.host_map is not None:
        arguments += ("--host-map", options.host_map)
    return LauncherSettings(
        profile=claim.profile,
        cache=paths.cache_directory(os.environ, claim.profile),
        environ=environment.for_child(os.environ),
        seal=options.seal,
        language=options.language,
        log_level=options.log_level,
        door_arguments=arguments,
        session_command=session_command,
    )


async def _supervise(options: Options, claim: Claim, session_command: tuple[str, ...]) -> int:
    supervisor = Supervisor(_settings(options, claim, session_command))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.quit)
    request = OpenRequest(options.urls, options.new_window)
    supervisor.start(options.private, request)
    server = await handover.serve(claim.listener, _opener(supervisor))
    try:
        return await supervisor.wait()
    finally:
        server.close()


def _opener(supervisor: Supervisor) -> Callable[[HandedOver], None]:
    return lambda handed: supervisor.open(handed.private, handed.request)


def _leave(claim: Claim) -> None:
    """Leave nothing behind that a later start could stumble over."""
    claim.listener.close()
    with contextlib.suppress(OSError):
        instance.remove_socket(claim.profile)
    if claim.is_temporary:
        shutil.rmtree(claim.profile, ignore_errors=True)
    os.close(claim.lock_fd)
