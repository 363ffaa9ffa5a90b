"""A session of the self-test: an ordinary one, with a hand. Only the self-test starts this program.

The hand is in no other session: no page, and no other program, can make one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from myco_browser.app import __main__ as session_main

if TYPE_CHECKING:
    from myco_browser.ui.windows import WindowManager


def main() -> int:
    """Runs one session; the exit status is the application's."""
    return session_main.main(give_hand)


def give_hand(windows: WindowManager) -> object:
    """What leads the session from now on, to be kept as long as it lasts."""
    # Qt may only be imported after sealing.
    from myco_browser.app.hand import Hand

    return Hand(windows)


if __name__ == "__main__":
    sys.exit(main())
