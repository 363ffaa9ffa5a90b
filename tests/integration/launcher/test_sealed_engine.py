"""The real engine in a sealed session: its own sandbox works, and pages come through the door."""

from __future__ import annotations

import json
import os

import pytest
from support.launcher_rig import LauncherRig, finish
from support.web import web_server

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() == 0, reason="the sandbox needs an ordinary user"),
]


@pytest.mark.parametrize("arguments", [[], ["--no-seal"]], ids=["sealed", "unsealed"])
def test_the_engine_is_sandboxed_and_reaches_only_the_door(
    rig: LauncherRig, arguments: list[str]
) -> None:
    rig.environ |= {"MYCO_TEST_SESSION": "engine_session", "QT_QPA_PLATFORM": "offscreen"}
    with web_server() as web:
        hosts = rig.host_map(f"*.example 127.0.0.1:{web.port}\n")
        launcher = rig.start(
            *arguments,
            "--host-map",
            hosts,
            "http://news.example/",
            f"http://127.0.0.1:{web.port}/direct",
            f"http://localhost:{web.port}/direct",
            f"http://[::1]:{web.port}/direct",
            f"http://app.localhost:{web.port}/direct",
            f"http://169.254.1.1:{web.port}/direct",
            "http://nodots/direct",
            f"http://localhost:{web.port}/granted",
            f"http://app.localhost:{web.port}/granted",
            f"http://127.0.0.1:{web.port}/granted",
            "http://other.example/",
        )
        rig.control.settimeout(60)
        connection, _ = rig.control.accept()
        with connection, connection.makefile() as lines:
            report = json.loads(lines.readline())
        assert finish(launcher)[0] == 0
        sandbox, news, *local, granted, granted_name, granted_address, other = report["pages"]
        if report["sealed"] is bool(arguments):
            pytest.skip("this kernel does not allow sealing")
        assert "You are adequately sandboxed." in sandbox
        assert (news, other) == ("hello", "hello")
        assert "hello" not in local
        assert (granted, granted_name, granted_address) == ("hello", "hello", "hello")
        assert not [path for path in web.paths if path.endswith("/direct")]
