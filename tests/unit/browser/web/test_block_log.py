"""The count on the shield."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from myco_browser.services.block_kinds import BlockKind, block_kind
from myco_browser.services.own_filters import OWN_LIST
from myco_browser.services.request_policy import STRICT_LEVEL
from myco_browser.web.block_log import BlockLog, Refused
from myco_browser.web.interceptor import LOCAL_NETWORK
from myco_filters.lists.catalogue import CATALOGUE, ListKind

REFUSED = Refused(
    "ads.example", "https://ads.example/x", "image", "||ads.example^", "EasyList", "easylist"
)
PAGE = "https://news.example/"


def test_refusals_are_counted_for_their_page() -> None:
    log = BlockLog()
    for _ in range(3):
        log.add(PAGE, REFUSED)
    assert log.page(f"{PAGE}#part").count == 3
    assert log.page("https://other.example/").count == 0
    assert log.take_changed() == {PAGE}
    assert log.take_changed() == set()


def test_refusals_are_counted_by_the_kind_of_their_list() -> None:
    log = BlockLog()
    kinds = {
        "easylist": BlockKind.ADS,
        "liste-fr": BlockKind.ADS,
        "base-ads": BlockKind.ADS,
        "easyprivacy": BlockKind.TRACKERS,
        "base-trackers": BlockKind.TRACKERS,
        "urlhaus": BlockKind.MALWARE,
        "easylist-cookies": BlockKind.ANNOYANCES,
        "base-annoyances": BlockKind.ANNOYANCES,
        OWN_LIST: BlockKind.OTHER,
        STRICT_LEVEL: BlockKind.OTHER,
        LOCAL_NETWORK: BlockKind.OTHER,
    }
    for list_id in kinds:
        log.add(PAGE, replace(REFUSED, list_id=list_id))
    assert log.page(PAGE).kinds == Counter(kinds.values())
    for one in CATALOGUE:
        assert (block_kind(one.id) is BlockKind.OTHER) == (one.kind is ListKind.OWN)


def test_a_new_load_starts_at_zero() -> None:
    log = BlockLog()
    log.add(PAGE, REFUSED)
    log.start_page(PAGE)
    assert log.page(PAGE).count == 0
    assert log.total == 1


def test_memory_is_bounded() -> None:
    log = BlockLog()
    for number in range(1000):
        log.add(f"https://{number}.example/", REFUSED)
    for _ in range(1000):
        log.add(PAGE, REFUSED)
    assert log.page("https://1.example/").count == 0
    assert log.page(PAGE).count == 1000
    assert len(log.page(PAGE).entries) == 500
