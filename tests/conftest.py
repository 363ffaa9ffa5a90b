"""What holds for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

_END_TO_END = Path(__file__).parent / "e2e"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the end-to-end tests that start a browser; `-m "not engine"` leaves them out."""
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and "rig" in item.fixturenames
            and item.path.is_relative_to(_END_TO_END)
        ):
            item.add_marker(pytest.mark.engine)
