"""How the engine is told to use the door: pure.

Chromium opens at most 32 connections to one proxy at a time, over all tabs. A proxy script that
spreads hosts over several ports lifts that (see docs/adr/0003). A script cannot take loopback and
link-local addresses away from the engine's built-in exceptions, which go past any proxy. In a
sealed session that leads nowhere: its loopback is its own. So the script is for sealed sessions
only, and a local server that the user allows is offered on the session's own loopback
(`DoorLink.grant_local`). An unsealed session gets one port and a flag that ends the exceptions.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

_NO_LOOKUPS = "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_OWN_LOOPBACK = " , EXCLUDE localhost , EXCLUDE *.localhost , EXCLUDE 127.* , EXCLUDE [::1]"


def proxy_arguments(ports: Sequence[int], sealed: bool) -> tuple[str, ...]:
    """Command-line arguments that tie the engine to the door's ports on 127.0.0.1 for life.

    Raises ValueError without ports: an engine without a proxy would go out by itself.
    """
    if not ports:
        raise ValueError("the engine needs at least one port of the door")
    if not sealed or len(ports) == 1:
        return (
            f"--proxy-server=socks5://127.0.0.1:{ports[0]}",
            "--proxy-bypass-list=<-loopback>",
            f"--host-resolver-rules={_NO_LOOKUPS}",
        )
    encoded = base64.b64encode(proxy_script(ports).encode("ascii")).decode("ascii")
    return (
        f"--proxy-pac-url=data:application/x-ns-proxy-autoconfig;base64,{encoded}",
        f"--host-resolver-rules={_NO_LOOKUPS}{_OWN_LOOPBACK}",
    )


def uses_own_loopback(ports: Sequence[int], sealed: bool) -> bool:
    """Whether the engine looks for local servers on the session's own loopback."""
    return sealed and len(ports) > 1


def proxy_script(ports: Sequence[int]) -> str:
    """A proxy auto-configuration script: always the same port for the same host, never DIRECT."""
    proxies = ",".join(f"'SOCKS5 127.0.0.1:{port}'" for port in ports)
    return (
        "function FindProxyForURL(url,host){"
        "var n=0;for(var i=0;i<host.length;i++)n=(n*31+host.charCodeAt(i))%65521;"
        f"return [{proxies}][n%{len(ports)}];}}"
    )
