"""The engine's command line."""

from __future__ import annotations

import pytest

from myco_browser.domain.identity import everyday_identity, private_identity
from myco_browser.web.flags import chromium_arguments


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("ports", [(1080,), (1080, 1081, 1082, 1083)])
def test_each_list_of_features_is_one_flag(ports: tuple[int, ...], sealed: bool) -> None:
    """Of two such flags the engine takes the last only."""
    arguments = chromium_arguments(ports, everyday_identity("fr"), sealed=sealed, disable_gpu=True)
    names = [argument.partition("=")[0] for argument in arguments]
    assert len(names) == len(set(names))
    assert "--disable-gpu" in names
    assert "--lang=fr-FR" in arguments
    assert ("--proxy-server" in names) != ("--proxy-pac-url" in names)
    assert "--host-resolver-rules" in names
    assert not [name for name in names if "sandbox" in name]


def test_without_a_port_there_is_no_engine() -> None:
    with pytest.raises(ValueError, match="port"):
        chromium_arguments((), private_identity(), sealed=True, disable_gpu=False)


def test_private_sessions_have_one_face() -> None:
    assert private_identity().accept_language == "en-US,en;q=0.9"
    assert "QtWebEngine" not in private_identity().user_agent
    assert everyday_identity("fr").user_agent == private_identity().user_agent
