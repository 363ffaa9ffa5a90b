"""The count on the shield."""

from __future__ import annotations

from myco_browser.web.block_log import BlockLog, Refused

REFUSED = Refused("ads.example", "https://ads.example/x", "image", "||ads.example^", "Test")
PAGE = "https://news.example/"


def test_refusals_are_counted_for_their_page() -> None:
    log = BlockLog()
    for _ in range(3):
        log.add(PAGE, REFUSED)
    assert log.page(f"{PAGE}#part").count == 3
    assert log.page("https://other.example/").count == 0
    assert log.take_changed() == {PAGE}
    assert log.take_changed() == set()


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
