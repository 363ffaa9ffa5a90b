"""The request log: what it says of every request, compared with what arrived at the servers."""

from __future__ import annotations

import csv
import json

from support.browser_rig import BrowserRig, set_level
from support.site import Site

_FILTERS = (
    "||ads.example^\n"
    "||track.example^$script,redirect=noop.js\n"
    "||cdn.example^\n"
    "@@||cdn.example/ok^\n"
    "||links.example^$removeparam=utm_source\n"
)
_PAGE = (
    "<!doctype html><title>news</title><img src='/own.png'><img src='http://ads.example/a.png'>"
    "<script src='http://track.example/t.js'></script><img src='http://cdn.example/ok/c.png'>"
    "<img src='http://links.example/l.png?utm_source=x&id=1'><img src='http://192.168.1.1/r.png'>"
)
_ENTRIES = (
    "sorted([e.outcome.value, e.url, e.list_id, e.filter_text, e.target]"
    " for e in session._requests.since(0) if not e.url.endswith('.ico'))"
)


def test_every_request_is_there_with_what_was_decided_and_why(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('easylist', 'EasyList', {_FILTERS!r})])\n"
        "session._context.policy.set_engine(engine)"
    )
    session.open("http://news.example/")
    rewritten = "http://links.example/l.png?id=1"
    expected = [
        ["allowed", "http://news.example/", "", "", ""],
        ["allowed", "http://news.example/own.png", "", "", ""],
        ["allowed", rewritten, "", "", ""],
        ["allowed-by-exception", "http://cdn.example/ok/c.png", "easylist",
         "@@||cdn.example/ok^", ""],
        ["blocked", "http://ads.example/a.png", "easylist", "||ads.example^", ""],
        ["refused-local", "http://192.168.1.1/r.png", "", "", ""],
        ["replaced", "http://track.example/t.js", "easylist",
         "||track.example^$script,redirect=noop.js", "noop.js"],
        ["rewritten", "http://links.example/l.png?utm_source=x&id=1", "easylist",
         "||links.example^$removeparam=utm_source", rewritten],
    ]  # fmt: skip
    session.wait_for(f"{_ENTRIES} == {sorted(expected)!r}")
    passed = {row[1].removeprefix("http://") for row in expected if row[0].startswith("allowed")}
    assert {place for place in site.arrived if not place.endswith(".ico")} == passed

    session.do("session._manager.show_request_log()")
    log = "session._manager._single.get('log')"
    session.do(f"{log}._search.setText('CDN.example')")
    assert session.value(f"[e.url for e in {log}._shown.entries()]") == [expected[3][1]]
    session.do(f"{log}._search.setText('')\n{log}._kind.setCurrentText('Script')")
    assert session.value(f"[e.url for e in {log}._shown.entries()]") == [expected[6][1]]
    session.do(f"{log}._kind.setCurrentIndex(0)\n{log}._outcome.setCurrentText('Blocked')")
    assert session.value(f"[e.url for e in {log}._shown.entries()]") == [expected[4][1]]
    session.do(f"{log}._table.selectRow(0)")
    details = session.value(f"{log}._details.toPlainText()")
    assert "Blocked. A filter is about it; nothing was sent." in details
    assert "||ads.example^" in details
    assert "EasyList" in details

    # It follows, and what is shown can be saved.
    session.script("new Image().src = 'http://ads.example/later.png'")
    session.wait_for(f"{log}._shown.rowCount() == 2")
    for as_table in (False, True):
        session.do(
            f"from pathlib import Path\n"
            f"{log}.export_to(Path({str(rig.folder / 'out')!r}), as_table={as_table})"
        )
        text = (rig.folder / "out").read_text()
        rows = (
            list(csv.DictReader(text.splitlines()))
            if as_table
            else [json.loads(line) for line in text.splitlines()]
        )
        assert [row["url"] for row in rows] == [
            "http://ads.example/a.png",
            "http://ads.example/later.png",
        ]
        assert {row["filter"] for row in rows} == {"||ads.example^"}
    session.do(f"{log}._clear()")
    assert session.value(f"{log}._rows.rowCount()") == 0
    session.do(f"{log}.close()")
    session.wait_for(f"{log} is None")


def test_reasons_that_are_no_filter(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    site.page("127.0.0.1/", "<title>mine</title><img src='/x.png'>")
    session = rig.start(hosts=site.host_map())
    session.do(set_level("news.example", "OFF"))
    session.open("http://news.example/")
    session.open(f"http://127.0.0.1:{site.port}/")
    outcomes = (
        "sorted({(e.outcome.value, e.host, e.list_id) for e in session._requests.since(0)"
        " if not e.url.endswith('.ico')})"
    )
    hosts = ["ads", "cdn", "links", "news", "track"]
    expected = [
        ["allowed-local", "127.0.0.1", ""],
        *(["allowed-unfiltered", f"{host}.example", ""] for host in hosts),
        ["refused-local", "192.168.1.1", ""],
    ]
    session.wait_for(f"[list(row) for row in {outcomes}] == {expected!r}")


def test_a_failing_connection_is_explained_by_the_door(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", "<title>news</title><img src='http://nowhere.invalid/x.png'>")
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    session.do("session._manager.show_request_log()")
    log = "session._manager._single.get('log')"
    session.do(f"{log}._search.setText('nowhere.invalid')")
    session.wait_for(f"{log}._shown.rowCount() == 1")
    session.do(f"{log}._table.selectRow(0)")
    assert "There is no server called nowhere.invalid" in session.value(
        f"{log}._details.toPlainText()"
    )
