"""Mail against a real Dovecot with TLS on loopback: delivery to notice, large folders, resync.

    python -m benchmarks.mail [--messages N] [--deliveries N] [--restarts N] [--cuts N]

As an ordinary user. Prints one line for each figure.
"""

from __future__ import annotations

import argparse
import array
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]

from support.dovecot import PASSWORD, Dovecot, dovecot, message  # noqa: E402 - needs the path
from support.mail_way import ACCOUNT, NAMES, Cables, Passwords  # noqa: E402

from myco_browser.domain.mail import SEEN, MailState, Summary, Watching  # noqa: E402
from myco_browser.mail.imap import ImapSession  # noqa: E402
from myco_browser.mail.imap_answers import Counts  # noqa: E402
from myco_browser.services import mail_jobs  # noqa: E402
from myco_browser.services.mail_outbox import acts_at  # noqa: E402
from myco_browser.services.mail_post import Desk  # noqa: E402
from myco_browser.services.mail_store import MailStore  # noqa: E402
from myco_browser.services.mail_watch import Watcher  # noqa: E402

_PATIENCE_S = 120.0
_ROWS = 60


class _Heard:
    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.told: list[str] = []
        self.watching = 0
        self._news = threading.Condition()

    def state_changed(self, _account_id: str, state: MailState) -> None:
        with self._news:
            self.watching += state == Watching()
            self._news.notify_all()

    def counted(self, _account_id: str, _path: str, _counts: Counts) -> None:
        """Not measured."""

    def arrived(self, _account_id: str, _path: str, new: Sequence[Summary]) -> None:
        now = time.perf_counter()
        with self._news:
            for one in new:
                self.told.append(one.subject)
                self.times[one.subject] = now
            self._news.notify_all()

    def changed(self, _account_id: str, _path: str) -> None:
        """Not measured."""

    def wait(self, until: Callable[[], bool]) -> None:
        with self._news:
            if not self._news.wait_for(until, _PATIENCE_S):
                raise TimeoutError("what was waited for did not come")


def measure_notices(server: Dovecot, runs: int) -> None:
    """From the end of a delivery to the call that makes the notice; Dovecot waits 500 ms itself."""
    cables, heard = Cables(server), _Heard()
    watcher = Watcher(ACCOUNT, cables.way(), Passwords(), heard)
    watcher.start()
    heard.wait(lambda: heard.watching == 1)
    spans = []
    for number in range(runs):
        subject = f"notice-{number}"
        server.deliver(ACCOUNT.address, message(number, subject))
        begin = time.perf_counter()
        heard.wait(lambda name=subject: name in heard.times)  # type: ignore[misc]
        spans.append((heard.times[subject] - begin) * 1000)
    watcher.end()
    cables.cut()
    print(f"delivery to notice: median {statistics.median(spans):.0f} ms, most {max(spans):.0f} ms")


def measure_endurance(server: Dovecot, deliveries: int, restarts: int, cuts: int) -> None:
    """Deliveries across restarts and cuts: each told once."""
    cables, heard = Cables(server), _Heard()
    watcher = Watcher(ACCOUNT, cables.way(), Passwords(), heard, lambda: 0.0)
    watcher.start()
    heard.wait(lambda: heard.watching == 1)
    breaks = ["restart"] * restarts + ["cut"] * cuts
    batch = max(1, deliveries // max(1, len(breaks)))
    begin = time.perf_counter()
    sent: list[str] = []
    while len(sent) < deliveries:
        subjects = [f"{len(sent) + number}" for number in range(min(batch, deliveries - len(sent)))]
        kind = breaks.pop() if breaks else ""
        if kind == "restart":
            server.stop()
            server.start()
        server.deliver(ACCOUNT.address, *(message(n, s) for n, s in enumerate(subjects)))
        if kind == "cut":
            cables.cut()
        sent += subjects
    watcher.retry()
    heard.wait(lambda: len(heard.told) >= len(sent))
    watcher.end()
    cables.cut()
    twice, lost = len(heard.told) - len(set(heard.told)), len(set(sent) - set(heard.told))
    print(f"{deliveries} deliveries, {restarts} restarts, {cuts} cuts: {lost} lost, {twice} told "
          f"twice, {time.perf_counter() - begin:.0f} s")  # fmt: skip


def fill(server: Dovecot, count: int) -> None:
    """Puts messages where Dovecot finds them; delivering them would take an hour."""
    folder = server.base / "mail" / "big@coop.test"
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        name = f"{1_700_000_000 + number}.M{number}P1.host:2,S"
        (folder / "cur" / name).write_bytes(message(number))


def measure_large(server: Dovecot, count: int) -> None:
    """Opens a large folder, scrolls to its middle, and resyncs 2,000 changes."""
    from dataclasses import replace

    fill(server, count)
    account = replace(ACCOUNT, address="big@coop.test", login="big@coop.test")
    cables = Cables(server)
    ImapSession(cables.way(), account, PASSWORD).select("INBOX")  # the server's own index
    with tempfile.TemporaryDirectory() as folder:
        store = MailStore(Path(folder) / "a.sqlite", lambda _what: None)
        acts = acts_at(Path(folder) / "outbox.sqlite", lambda _what: None)
        desk = Desk(account, cables.way(), Passwords(), store, acts)
        mail_jobs.folders(desk)
        before = _memory()
        begin = time.perf_counter()
        view = mail_jobs.fresh_view(desk, "INBOX")
        mail_jobs.rows(desk, "INBOX", list(view.uids[-_ROWS:]))
        _say(f"open a folder of {len(view.uids)}, first {_ROWS} rows", begin)
        begin = time.perf_counter()
        mail_jobs.conversations(desk, "INBOX")
        _say("its conversations, after that", begin)
        begin = time.perf_counter()
        middle = len(view.uids) // 2
        mail_jobs.rows(desk, "INBOX", list(view.uids[middle : middle + _ROWS]))
        _say(f"{_ROWS} rows of its middle", begin)
        begin = time.perf_counter()
        mail_jobs.kept_view(desk, "INBOX")
        mail_jobs.rows(desk, "INBOX", list(view.uids[-_ROWS:]))
        _say("open it again, from this computer", begin)
        _change(cables, account.login, view.uids)
        begin = time.perf_counter()
        news = mail_jobs.fresh_view(desk, "INBOX")
        _say(f"resync of {len(news.flags)} changed flags", begin)
        print(f"memory for it: {_memory() - before:.0f} MiB more")
        desk.hang_up()
        store.close()
        acts.close()
    cables.cut()


def _change(cables: Cables, login: str, uids: array.array[int]) -> None:
    from dataclasses import replace

    account = replace(ACCOUNT, address=login, login=login)
    other = ImapSession(cables.way(), account, PASSWORD)
    other.select("INBOX")
    other.set_flags(list(uids[: 2 * 2000 : 2]), [SEEN], on=False)
    other.close()
    # The server renames as many files and reads its folder anew: that is its own time.
    again = ImapSession(cables.way(), account, PASSWORD)
    again.select("INBOX")
    again.flags()
    again.close()


def _say(what: str, begin: float) -> None:
    print(f"{what}: {(time.perf_counter() - begin) * 1000:.0f} ms")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--restarts", type=int, default=50)
    parser.add_argument("--cuts", type=int, default=50)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores", flush=True)
    with dovecot(*NAMES) as server:
        measure_notices(server, 20)
        measure_endurance(server, chosen.deliveries, chosen.restarts, chosen.cuts)
        measure_large(server, chosen.messages)


if __name__ == "__main__":
    main()
