"""The pages of filter lists and of the user's own filters, judged at the servers."""

from __future__ import annotations

from pathlib import Path

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_PAGE = "page = session._preferences._window.findChild(ListsPage)"
_NAMES = (
    "from myco_browser.ui.lists_page import ListsPage\n"
    "from myco_browser.ui.filter_editor import FilterEditor\n"
)


def _add(session: LedSession, url: str) -> str:
    """Adds a list on the page; what the page says then."""
    session.do(f"{_NAMES}{_PAGE}\npage._address.setText({url!r}); page._add()")
    session.wait_for("session._lists.progress is None")
    return str(session.run(f"{_NAMES}{_PAGE}\nreturn page._problem.text()"))


def _loads_ad(session: LedSession, site: Site, number: int) -> bool:
    page = f"news.example/{number}"
    site.page(page, f"<title>n</title><img src='http://ads.example/{number}.png'>")
    session.open(f"http://{page}")
    return f"ads.example/{number}.png" in site.arrived


def test_a_list_is_added_by_address_and_removed(rig: BrowserRig, site: Site) -> None:
    here = "127.0.0.1/"
    site.page(f"{here}list.txt", "! Title: A list of mine\n||ads.example^\n", kind="text/plain")
    site.page(f"{here}page.txt", "<!doctype html><title>no list</title>")
    session = rig.start(hosts=site.host_map())
    session.do("session._preferences.open()")
    base = f"http://127.0.0.1:{site.port}/"
    assert "https" in _add(session, "http://lists.example/list.txt")
    assert "404" in _add(session, f"{base}none.txt")
    assert "web page" in _add(session, f"{base}page.txt")
    assert _loads_ad(session, site, 1)
    assert _add(session, f"{base}list.txt") == "The list was added and is on."
    session.wait_for("any(one.id.startswith('added-') for one in "
                     "session._context.policy.snapshot.engine.lists)")  # fmt: skip
    assert not _loads_ad(session, site, 2)
    title = "[row.title for row in session._lists.rows() if row.subscription.id[:6] == 'added-']"
    assert session.value(title) == ["A list of mine"]
    session.do(
        "name = session._lists.rows()[-1].subscription.id\n"
        f"{_NAMES}{_PAGE}\npage._rows[name].remove.click()"
    )
    session.wait_for("not any(one.id.startswith('added-') for one in "
                     "session._context.policy.snapshot.engine.lists)")  # fmt: skip
    assert _loads_ad(session, site, 3)
    # Its server was asked for the list, and by nothing that names the user.
    asked = [head for head, place in zip(site.headers, site.arrived, strict=True)
             if place == f"{here}list.txt"]  # fmt: skip
    assert len(asked) == 1
    assert "cookie" not in asked[0]


def test_own_filters_count_as_soon_as_they_are_saved(
    rig: BrowserRig, site: Site, tmp_path: Path
) -> None:
    session = rig.start(hosts=site.host_map())
    # A choice of colours counts at once, here as everywhere.
    session.do(
        "from myco_browser.domain.settings import THEME\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(THEME, 'dark'))\n"
        "session._preferences.open(); session._preferences._window.show_own_filters()"
    )
    assert session.value("session._context.face.bar") == "#1f2724"
    editor = f"{_NAMES}editor = session._preferences._window.findChild(FilterEditor)\n"
    session.run(f"{editor}editor.text.setPlainText('||ads.example^\\n||x.example^$nonsense')")
    find = "session._preferences._window.findChild(__import__('myco_browser.ui.filter_editor', " \
        "fromlist=['x']).FilterEditor)"  # fmt: skip
    session.wait_for(f"{find}.findings.count() == 1")
    assert session.value(f"{find}.findings.item(0).text()").startswith("Line 2:")
    assert _loads_ad(session, site, 1)  # not saved yet
    session.run(f"{editor}editor.save_button.click()")
    session.wait_for("any(one.id == 'user-own' for one in "
                     "session._context.policy.snapshot.engine.lists)")  # fmt: skip
    assert not _loads_ad(session, site, 2)
    # Somebody else (the picker) adds a line while one is typing: nothing is lost.
    session.run(
        f"{editor}editor.text.appendPlainText('||typed.example^')\n"
        "session._context.own_filters.append('picked.example##.ad')"
    )
    lines = session.run(f"{editor}return editor.text.toPlainText().split()")
    assert lines == [
        "||ads.example^", "||x.example^$nonsense", "||typed.example^", "picked.example##.ad",
    ]  # fmt: skip
    out, back = tmp_path / "out.txt", tmp_path / "in.txt"
    back.write_text("||imported.example^\n")
    session.run(
        f"{editor}from pathlib import Path\neditor.export_file(Path({str(out)!r}))\n"
        f"editor.import_file(Path({str(back)!r}))\neditor.save()"
    )
    assert out.read_text().split() == lines
    assert "||imported.example^" in (rig.profile / "own-filters.txt").read_text()
