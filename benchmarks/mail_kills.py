"""Kills a process that moves, flags, drafts and sends mail, many times, beside a real Dovecot.

    python -m benchmarks.mail_kills [KILLS] [SEED]

As an ordinary user. Every other mailbox is at a server that can only copy and remove. Prints each
message that was lost, doubled or sent twice (there must be none).
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]

from support.dovecot import PASSWORD, dovecot  # noqa: E402 - needs the path
from support.killed_mail import KilledMail  # noqa: E402
from support.mail_servers import smtp_server  # noqa: E402
from support.mail_way import NAMES  # noqa: E402

_KILLS_A_MAILBOX = 10
_OLD = "IMAP4rev1 LITERAL+ ENABLE IDLE UIDPLUS CONDSTORE"


def main() -> int:
    """Kill as often as wanted; 1 when something was wrong."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    begin, done, kept, wrong = time.monotonic(), 0, 0, 0
    while done < kills:
        capability = _OLD if done // _KILLS_A_MAILBOX % 2 else ""
        with (
            tempfile.TemporaryDirectory() as folder,
            dovecot(*NAMES, capability=capability) as imap,
            smtp_server(imap.authority, PASSWORD, *NAMES) as smtp,
        ):
            mailbox = KilledMail(Path(folder), imap, smtp, chance, 80)
            for _turn in range(min(_KILLS_A_MAILBOX, kills - done)):
                mailbox.kill_once()
                done += 1
            for sentence in mailbox.finish():
                wrong += 1
                print(sentence, flush=True)
            kept += len(mailbox.kept)
    seconds = time.monotonic() - begin
    print(f"{done} kills, {kept} acts kept, {wrong} wrong, {seconds:.0f} s, seed {seed}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
