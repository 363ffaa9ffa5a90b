"""The engine's proxy arguments."""

from __future__ import annotations

import base64

import pytest

from myco_vpn.engineproxy import proxy_arguments, proxy_script, uses_own_loopback


@pytest.mark.parametrize(("ports", "sealed"), [([1080], True), ([4000], False), ([1, 2], False)])
def test_one_port_without_exceptions_unless_sealed(ports: list[int], sealed: bool) -> None:
    arguments = proxy_arguments(ports, sealed)
    assert f"--proxy-server=socks5://127.0.0.1:{ports[0]}" in arguments
    assert "--proxy-bypass-list=<-loopback>" in arguments
    assert not any("pac" in argument for argument in arguments)
    assert not uses_own_loopback(ports, sealed)


def test_several_ports_by_script_when_sealed() -> None:
    script_argument, resolver = proxy_arguments([1080, 1081], True)
    encoded = script_argument.partition("base64,")[2]
    script = base64.b64decode(encoded).decode()
    assert script == proxy_script([1080, 1081])
    assert "['SOCKS5 127.0.0.1:1080','SOCKS5 127.0.0.1:1081'][n%2]" in script
    assert "DIRECT" not in script
    assert resolver.startswith("--host-resolver-rules=MAP * ~NOTFOUND ,")
    assert uses_own_loopback([1080, 1081], True)


@pytest.mark.parametrize("sealed", [True, False])
def test_no_port_is_an_error(sealed: bool) -> None:
    with pytest.raises(ValueError, match="port"):
        proxy_arguments([], sealed)
