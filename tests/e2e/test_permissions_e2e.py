"""What pages ask for: answered below the address, remembered by us, forgotten with the site.

Judged in the page: whether the engine gave the device, the place or the clipboard. The only thing
not real are the cameras and microphones, which the engine plays itself.
"""

from __future__ import annotations

import json
import threading

import pytest
from support.browser_rig import DEADLINE_S, BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Answer, Site

_PAGE = """<title>call</title><button onclick="go()">go</button><script>
window.out = null; window.go = () => {};
const tell = promise => promise.then(v => out = String(v), e => out = e.name ?? 'code ' + e.code);
const camera = () => tell(navigator.mediaDevices.getUserMedia({video: true})
  .then(stream => stream.getTracks().length));
const both = () => tell(navigator.mediaDevices.getUserMedia({video: true, audio: true})
  .then(stream => stream.getTracks().length));
const place = () => tell(new Promise((done, failed) =>
  navigator.geolocation.getCurrentPosition(done, failed, {timeout: 50})));
const message = () => tell(Notification.requestPermission());
const screen_ = () => tell(navigator.mediaDevices.getDisplayMedia({video: true})
  .then(stream => stream.getTracks().length));
const paste = () => tell(navigator.clipboard.readText());
</script>"""
# What the engine tells pages whose wish for a device was refused (measured with 6.11).
_REFUSED = "AbortError"
_BUBBLE = (
    "from myco_browser.ui.permission_bubble import PermissionBubble\n"
    "from myco_browser.domain.asking import Answer\n"
    "found = [one for one in window.findChildren(PermissionBubble) if one.isVisible()]\n"
)


@pytest.fixture
def call(rig: BrowserRig, site: Site) -> LedSession:
    return _start(rig, site)


def _start(rig: BrowserRig, site: Site, *arguments: str) -> LedSession:
    rig.environ["MYCO_TEST_ENGINE_ARGUMENTS"] = "--use-fake-device-for-media-stream"
    site.page("localhost/", _PAGE)
    frame = "<iframe allow='camera' src='http://inner.localhost:{port}/'></iframe>"
    site.page("outer.localhost/", f"<title>outer</title>{frame.format(port=site.port)}")
    session = rig.start(*arguments, hosts=site.host_map())
    session.open(_here(site))
    return session


def _here(site: Site) -> str:
    return f"http://localhost:{site.port}/"


def _key(site: Site) -> str:
    return f"localhost:{site.port}"


def _ask(session: LedSession, what: str) -> None:
    session.script(f"out = null; {what}(); 0")


def _press(session: LedSession, what: str) -> None:
    """A click in the page, which some wishes need."""
    session.wait_painted()
    session.script(f"out = null; window.go = {what}; 0")
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtCore import QPoint, Qt\n"
        "QTest.mouseClick(tab.view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))"
    )


def _asked(session: LedSession) -> list[str]:
    session.wait_for(
        "[one for one in window.findChildren(__import__('myco_browser.ui.permission_bubble', "
        "fromlist=['x']).PermissionBubble) if one.isVisible()"
        " and all(b.isEnabled() for b in one.buttons.values())]  and True"
    )
    found: list[str] = session.run(
        f"window = session._manager.active_window()\n{_BUBBLE}"
        "return [found[0].accessibleName(), *(one.value for one in found[0].ask.wanted)]"
    )
    return found


def _answer(session: LedSession, answer: str) -> None:
    _asked(session)
    session.do(f"{_BUBBLE}found[0].buttons[Answer.{answer}].click()")


def _is_asking(session: LedSession) -> bool:
    return bool(
        session.run(f"window = session._manager.active_window()\n{_BUBBLE}return bool(found)")
    )


def test_once_holds_until_the_page_is_left(call: LedSession, site: Site) -> None:
    _ask(call, "both")
    assert _asked(call) == ["localhost asks for", "camera", "microphone"]
    _answer(call, "ONCE")
    call.wait_for_script("out", "2")
    assert call.value("len(session._sites.sites)") == 0
    _ask(call, "both")
    call.wait_for_script("out", "2")
    assert not _is_asking(call)
    call.open(_here(site))
    _ask(call, "both")
    _asked(call)
    call.do(f"{_BUBBLE}found[0].answer(Answer.NOT_NOW)")
    call.wait_for_script("out", _REFUSED)


def test_always_and_never_are_kept_changed_and_forgotten(
    rig: BrowserRig, call: LedSession, site: Site
) -> None:
    file = rig.profile / "sites.json"
    _ask(call, "camera")
    _answer(call, "ALWAYS")
    call.wait_for_script("out", "1")
    assert json.loads(file.read_text()) == {_key(site): {"permissions": {"camera": "allow"}}}
    call.open(_here(site))
    _ask(call, "camera")
    call.wait_for_script("out", "1")
    assert not _is_asking(call)
    # The panel of the site takes it back.
    call.do("window.address.chip_clicked.emit()")
    call.do(
        "from PyQt6.QtWidgets import QComboBox\n"
        "from myco_browser.ui.panels import Panel\n"
        "panel = next(one for one in window.findChildren(Panel) if one.isVisible())\n"
        "box = panel.findChild(QComboBox)\n"
        "box.setCurrentIndex(1)\nbox.activated.emit(1)\npanel.close()"
    )
    assert json.loads(file.read_text()) == {_key(site): {"permissions": {"camera": "block"}}}
    call.open(_here(site))
    _ask(call, "camera")
    call.wait_for_script("out", _REFUSED)
    _ask(call, "message")
    _answer(call, "NEVER")
    call.wait_for_script("out", "denied")
    call.forget_site(_key(site))
    assert json.loads(file.read_text()) == {}
    call.open(_here(site))
    _ask(call, "message")
    _answer(call, "ONCE")
    call.wait_for_script("out", "granted")
    _ask(call, "camera")
    assert _asked(call)[1:] == ["camera"]


def test_the_list_shows_and_removes(rig: BrowserRig, call: LedSession, site: Site) -> None:
    _ask(call, "place")
    _answer(call, "ALWAYS")
    # There is no receiver here, but the engine looked for one.
    call.wait_for_script("out", "code 3")
    _ask(call, "message")
    _answer(call, "ALWAYS")
    call.wait_for_script("out", "granted")
    call.do("session._manager.show_permissions()")
    names = (
        "[(w.tree.topLevelItem(n).text(0), w.tree.topLevelItem(n).text(1)) "
        "for w in [session._manager._single['permissions']] "
        "for n in range(w.tree.topLevelItemCount())]"
    )
    key = _key(site)
    assert call.value(names) == [[key, "Location"], [key, "Notifications"]]
    call.do(
        "w = session._manager._single['permissions']\n"
        "w.tree.topLevelItem(0).setSelected(True)\nw.remove.click()"
    )
    assert call.value(names) == [[key, "Notifications"]]
    call.do("session._manager._single['permissions'].remove_all.click()")
    assert call.value("len(session._sites.sites)") == 0
    assert json.loads((rig.profile / "sites.json").read_text()) == {}
    call.do("session._manager._single['permissions'].close()")
    call.open(_here(site))
    assert call.script("Notification.permission") == "default"
    _ask(call, "place")
    assert _asked(call)[1:] == ["location"]


def test_screen_and_clipboard_need_a_choice_each_time(call: LedSession, site: Site) -> None:
    for _time in range(2):
        _press(call, "screen_")
        assert _asked(call) == ["localhost asks for", "screen"]
        _answer(call, "ONCE")
        call.wait_for_script("out", "1")
    _press(call, "screen_")
    _answer(call, "NOT_NOW")
    call.wait_for_script("out", _REFUSED)
    call.do(
        "from PyQt6.QtGui import QGuiApplication\nQGuiApplication.clipboard().setText('secret')"
    )
    _press(call, "paste")
    assert _asked(call)[1:] == ["clipboard"]
    _answer(call, "ONCE")
    call.wait_for_script("out", "secret")


def test_a_wish_waits_in_its_tab_and_goes_with_its_page(call: LedSession, site: Site) -> None:
    _ask(call, "camera")
    _asked(call)
    call.do("window.add_tab()")
    assert not _is_asking(call)
    call.do("window.tabs.show(0)")
    assert _is_asking(call)
    call.open(_here(site))
    assert not _is_asking(call)
    _ask(call, "camera")
    _asked(call)
    call.do("window.add_tab()\nwindow.close_tab(window.tabs[0])")
    assert not _is_asking(call)


def test_a_page_that_is_being_left_cannot_ask_over_the_next(call: LedSession, site: Site) -> None:
    go_on = threading.Event()

    def late() -> Answer:
        go_on.wait(DEADLINE_S)
        return Answer(b"<title>next</title>")

    site.pages["next.localhost/"] = late
    address = f"http://next.localhost:{site.port}/"
    try:
        call.do(f"window.open_text({address!r})")
        call.wait_for("tab.loading")
        assert wait_until(lambda: "next.localhost/" in site.arrived)
        _ask(call, "camera")
        _asked(call)
    finally:
        go_on.set()
    call.wait_for("tab.title == 'next'")
    assert not _is_asking(call)


def test_a_frame_of_another_site_can_be_allowed_once_only(call: LedSession, site: Site) -> None:
    site.page("inner.localhost/", _PAGE.replace("go()", "camera()") + "<script>camera()</script>")
    call.open(f"http://outer.localhost:{site.port}/")
    call.do(
        f"session._context.policy.set_site_local('outer.localhost:{site.port}', True)\ntab.reload()"
    )
    assert _asked(call)[0] == "inner.localhost, which is inside outer.localhost, asks for"
    names = call.run(
        "window = session._manager.active_window()\n"
        f"{_BUBBLE}return [one.value for one in found[0].buttons]"
    )
    assert names == ["not-now", "once"]


def test_private_windows_give_no_devices_and_remember_nothing(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site, "--private")
    for what, refused in (("camera", _REFUSED), ("message", "denied")):
        _ask(session, what)
        session.wait_for_script("out", refused)
        assert not _is_asking(session)
    _ask(session, "place")
    _answer(session, "ALWAYS")
    session.wait_for_script("out", "code 3")
    session.open(_here(site))
    _ask(session, "place")
    session.wait_for_script("out", "code 3")
    assert not (rig.profile / "sites.json").exists()
    session.do("session._context.launcher.open_private([])")
    other = rig.session()
    assert other.value("len(session._sites.sites)") == 0
