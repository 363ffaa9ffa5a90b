"""The name server that the user chose, from the settings to its own questions."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.doh_server import serve_names


def test_the_choice_in_the_settings_is_followed_at_once_and_fails_closed(rig: BrowserRig) -> None:
    with serve_names(rig.folder) as names:
        rig.environ["SSL_CERT_FILE"] = str(names.authority)
        rig.settings |= {"network.resolver": "own", "network.resolver_address": names.url}
        session = rig.start()
        session.open("http://gone.test/")
        assert session.value("tab.title") == "This address was not found"
        assert set(names.asked) == {"gone.test"}
        names.broken = "failure"
        session.open("http://shop.test/")
        assert session.value("tab.title") == "The name server does not answer"
        assert set(names.asked) == {"gone.test", "shop.test"}
        # Another one that is not there: nobody is asked in its place.
        session.do(
            "from myco_browser.domain.settings import RESOLVER_ADDRESS\n"
            "from myco_browser.domain.settings_snapshot import Change\n"
            "session._settings.change(Change(RESOLVER_ADDRESS, 'https://127.0.0.1:1/dns-query'))"
        )
        session.open("http://third.test/")
        session.wait_for("tab.title == 'The name server does not answer'")
        assert "third.test" not in names.asked
        names.broken = ""
        session.do(
            "from myco_browser.domain.settings import RESOLVER_ADDRESS\n"
            "from myco_browser.domain.settings_snapshot import Change\n"
            f"session._settings.change(Change(RESOLVER_ADDRESS, {names.url!r}))"
        )
        session.open("http://fourth.test/")
        session.wait_for("tab.title == 'This address was not found'")
        assert "fourth.test" in names.asked
