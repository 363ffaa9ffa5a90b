"""Why a file was not written or read is said in words of ours, which are translated."""

from __future__ import annotations

import errno
import os

import pytest

from myco_browser.ui.disk_words import unread, unwritten

_USUAL = (
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT,
    errno.ENOTDIR, errno.EISDIR, errno.EFBIG, errno.ENAMETOOLONG, errno.EINVAL, errno.EIO,
)  # fmt: skip


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/a/file")


@pytest.mark.parametrize("number", _USUAL)
def test_usual_causes_are_not_in_the_systems_words(number: int) -> None:
    words = unwritten(_error(number))
    assert words.endswith(".")
    assert os.strerror(number) not in words


def test_who_chose_the_place_is_told_to_choose_another() -> None:
    gone = _error(errno.ENOENT)
    assert unwritten(gone, chosen=True) == (
        "The folder is not there any more. Choose another place."
    )
    assert unwritten(gone) == "The folder is not there any more."
    full = unwritten(_error(errno.ENOSPC), chosen=True)
    assert full == "There is no room left on the disk. Make room, and try again."
    assert unread(gone) == "It is not there any more."


def test_other_causes_are_told_as_they_are() -> None:
    assert unwritten(_error(errno.ETXTBSY)) == os.strerror(errno.ETXTBSY)
    assert unread(OSError("it burns")) == "it burns"
