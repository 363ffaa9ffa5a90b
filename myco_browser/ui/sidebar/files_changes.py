"""What a user changes on a server of files: names, places, links; and what is deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PyQt6.QtGui import QGuiApplication

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import Entry, FilesCause, Share
from myco_browser.files.errors import FilesError
from myco_browser.files.paths import is_name, joined
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.sidebar.files_share import ShareDialog, link_words
from myco_browser.ui.sidebar.name_question import ask_name

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.files_browser import FilesBrowser

LINK_DAYS = 30
"""How long a link lives that is made with one click."""


class FilesChanges:
    """Changes what a browser of files shows."""

    def __init__(self, browser: FilesBrowser, files: Files) -> None:
        self._browser = browser
        self._files = files
        self._cut: tuple[Entry, ...] = ()

    @property
    def can_paste(self) -> bool:
        """Whether something was cut."""
        return bool(self._cut)

    @property
    def can_share(self) -> bool:
        """Whether the server makes links."""
        return self._files.has_cloud(self._browser.account_id)

    # Names and places

    def make_folder(self) -> None:
        """Asks for a name and makes a folder."""
        name = ask_name(self._browser, _("New folder"), _("Make folder"))
        if name and self._is_good(name):
            path = joined(self._browser.path, name.strip())
            self._change(lambda room: room.dav.make_folder(path))

    def rename(self, entry: Entry, name: str) -> None:
        """Gives a file or folder another name."""
        if self._is_good(name) and name.strip() != entry.name:
            to = joined(entry.folder, name.strip())
            self._change(lambda room: room.dav.move(entry.path, to, folder=entry.is_folder))

    def cut(self, entries: tuple[Entry, ...]) -> None:
        """Remembers what `paste` moves."""
        self._cut = entries
        self._browser.toast.say(_("Go to another folder and paste there."))

    def paste(self) -> None:
        """Moves what was cut into the folder that is shown."""
        cut, self._cut = self._cut, ()
        for entry in cut:
            to = joined(self._browser.path, entry.name)
            self._change(_moving(entry, to))

    def _is_good(self, name: str) -> bool:
        if is_name(name.strip()):
            return True
        self._browser.toast.say(_("A name has no slash in it, and is not empty."))
        return False

    def _change(self, work: Callable[[Room], object]) -> None:
        """Changes something on the server, then looks again."""
        browser = self._browser

        def fail(cause: FilesCause) -> None:
            browser.toast.say(_(cause.value))
            browser.look_again()

        browser.ask(work, lambda _done: browser.look_again(), fail)

    # Deleting

    def delete(self, entries: Sequence[Entry]) -> None:
        """Deletes what can be brought back; where there is no bin, the user is asked first."""
        if not entries:
            return
        if not self.can_share:
            self._ask_before(entries)
            return

        def decide(has_bin: bool) -> None:
            if has_bin:
                self._delete(entries, has_bin=True)
            else:
                self._ask_before(entries)

        self._browser.ask(_has_bin, decide, self._not_done)

    def _ask_before(self, entries: Sequence[Entry]) -> None:
        question = ngettext(
            "Delete “{name}”? This server has no bin: it cannot be brought back.",
            "Delete {count} files? This server has no bin: they cannot be brought back.",
            len(entries),
        ).format(name=entries[0].name, count=len(entries))
        banner = self._browser.banner

        def agree() -> None:
            banner.hide()
            self._delete(entries, has_bin=False)

        banner.say(
            "warning", question, ((_("Delete"), agree), (_("Cancel"), banner.hide)), "warning"
        )

    def _delete(self, entries: Sequence[Entry], *, has_bin: bool) -> None:
        browser, account_id = self._browser, self._browser.account_id
        paths = [one.path for one in entries]
        browser.model.hide(paths)

        def work(room: Room) -> None:
            for one in entries:
                etag = "" if one.etag.startswith("W/") else one.etag
                room.dav.delete(one.path, folder=one.is_folder, etag=etag)

        def done(_done: None) -> None:
            text = ngettext("{count} file deleted", "{count} files deleted", len(entries))
            undo = (lambda: self._restore(account_id, paths)) if has_bin else None
            browser.toast.say(text.format(count=len(entries)), None, undo)
            browser.look_again()

        def fail(cause: FilesCause) -> None:
            browser.model.unhide(paths, browser.listed)
            self._not_done(cause)

        # Another folder may be shown by then: what was asked for is done all the same.
        self._files.ask(account_id, work, done, fail)

    def _restore(self, account_id: str, paths: Sequence[str]) -> None:
        browser = self._browser

        def work(room: Room) -> None:
            if room.cloud is not None:
                for path in paths:
                    room.cloud.restore(path)

        def done(_done: None) -> None:
            browser.model.unhide(paths, browser.listed)
            browser.look_again()

        self._files.ask(account_id, work, done, self._not_done)

    def _not_done(self, cause: FilesCause) -> None:
        self._browser.toast.say(_(cause.value))
        self._browser.look_again()

    # Links

    def share(self, entry: Entry) -> None:
        """Shows the dialog that makes a link."""
        ShareDialog(self._files, self._browser.account_id, entry, self._browser).open()

    def copy_link(self, entry: Entry) -> None:
        """Makes a link that ends by itself, and copies it."""

        def done(share: Share) -> None:
            if (clipboard := QGuiApplication.clipboard()) is not None:
                clipboard.setText(share.url)
            words = link_words(share, self._browser.language)
            self._browser.toast.say(words, None, lambda: self.share(entry), word=_("Change…"))

        def fail(cause: FilesCause) -> None:
            # The server may want a password, or an earlier day: there they can be said.
            self.share(entry) if cause is FilesCause.FORBIDDEN else self._not_done(cause)

        self._browser.ask(quick_link(entry.path), done, fail)


def quick_link(path: str) -> Callable[[Room], Share]:
    """The question that makes a link with one click: for looking only, until some day."""
    ends = (datetime.now(tz=UTC) + timedelta(days=LINK_DAYS)).date().isoformat()

    def make(room: Room) -> Share:
        if room.cloud is None:
            raise FilesError(FilesCause.UNSUPPORTED, "no Nextcloud")
        return room.cloud.share(path, ends)

    return make


def _has_bin(room: Room) -> bool:
    return room.cloud is not None and room.cloud.has_bin()


def _moving(entry: Entry, to: str) -> Callable[[Room], None]:
    return lambda room: room.dav.move(entry.path, to, folder=entry.is_folder)
