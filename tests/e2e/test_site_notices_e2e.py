"""A site's notification is shown under the site's own name, once the user allowed it."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.site import Site

_PAGE = (
    "<!doctype html><title>call</title><style>html{height:100%}</style><script>window.out = '';"
    "document.documentElement.onclick = () => Notification.requestPermission().then(word => {"
    "out = word; if (word === 'granted') new Notification('Your <b>bank</b>', {body: 'hello'})})"
    "</script><p>words"
)
_BUBBLE = (
    "from myco_browser.ui.permission_bubble import PermissionBubble\n"
    "from myco_browser.domain.asking import Answer\n"
    "found = [one for one in window.findChildren(PermissionBubble) if one.isVisible()]\n"
)
_READY = "any(type(one).__name__ == 'SiteNotices' for one in session.children())"


def test_without_a_desktop_that_shows_it_a_notification_stands_in_the_window(
    rig: BrowserRig, site: Site
) -> None:
    rig.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={rig.folder}/no-bus"
    site.page("localhost/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.open(f"http://localhost:{site.port}/")
    session.wait_for(_READY)
    session.click("html")
    session.wait_for(
        "[one for one in window.findChildren(__import__('myco_browser.ui.permission_bubble', "
        "fromlist=['x']).PermissionBubble) if one.isVisible()"
        " and all(b.isEnabled() for b in one.buttons.values())] and True"
    )
    session.do(f"{_BUBBLE}found[0].buttons[Answer.ONCE].click()")
    session.wait_for_script("out", "granted")
    session.wait_for("len(tab.notices) == 1")
    assert session.value("tab.notices[0].accessibleName()") == "localhost: Your <b>bank</b>"
