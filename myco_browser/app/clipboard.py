"""What was copied in a private window, when its session ends.

Where another window of Myco stays open, that one offers to clear it; the last one clears it itself.
"""

from __future__ import annotations

from PyQt6.QtGui import QClipboard, QGuiApplication

_Mode = QClipboard.Mode


def leave_clipboard(*, others: int) -> bool:
    """Whether something stays that was copied in this session and could be offered to be cleared.

    `others` is how many sessions go on. What is merely selected always goes.
    """
    clipboard = QGuiApplication.clipboard()
    if clipboard is None:
        return False
    if clipboard.ownsSelection():
        clipboard.clear(_Mode.Selection)
    if not clipboard.ownsClipboard():
        return False
    if others:
        return True
    clipboard.clear(_Mode.Clipboard)
    return False
