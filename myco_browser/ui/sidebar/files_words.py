"""Files in words: sizes and dates, which icon, what a transfer is doing."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import QDate, QLocale

from myco_browser.domain.files import Entry, FilesCause
from myco_browser.services.files_transfers import Phase, Transfer, Way
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.panels import size_words


def entry_icon(entry: Entry) -> str:
    """The icon of a file or folder."""
    if entry.is_folder:
        return "folder"
    return "image" if entry.kind.startswith("image/") else "file"


def entry_facts(entry: Entry, language: str, below: str | None = None) -> str:
    """Size and date, as far as they are known; of what was found `below` a folder, where it is."""
    facts = []
    if below is not None and entry.folder != below:
        facts.append(_("in {folder}").format(folder=entry.folder.rpartition("/")[2]))
    if entry.size is not None:
        facts.append(size_words(entry.size, language))
    if entry.modified is not None and not entry.is_folder:
        facts.append(short_date(entry.modified, language))
    return " · ".join(facts)


def short_date(moment: datetime, language: str) -> str:
    """The day, in the language of the browser."""
    day = moment.astimezone().date()
    qt_day = QDate(day.year, day.month, day.day)
    return QLocale(language).toString(qt_day, "d MMM yyyy")


def transfer_words(one: Transfer, language: str) -> str:
    """What a transfer is doing, in a few words."""
    match one.phase:
        case Phase.WAITING:
            return _("Waiting")
        case Phase.PAUSED:
            return _("Paused")
        case Phase.DONE:
            return _sent_words(one) if one.way is Way.UP else _("Saved")
        case Phase.FAILED:
            return _(one.cause.value) if one.cause is not None else _("It did not work.")
        case Phase.HELD:
            return held_words(one)
        case Phase.RUNNING if one.size:
            of = _("{done} of {size}")
            done, size = size_words(one.done, language), size_words(one.size, language)
            text = of.format(done=done, size=size)
            if not one.is_folder:
                return text
            files = _("file {number} of {count}")
            number, count = one.files
            return f"{text} · {files.format(number=min(number + 1, count), count=count)}"
        case _:
            return size_words(one.done, language) if one.done else _("Beginning")


def _sent_words(one: Transfer) -> str:
    """Where it is now: another name tells that there was something of its own already."""
    name = one.named.rpartition("/")[2]
    if name and name != one.path.rpartition("/")[2]:
        return _("Is on the server as “{name}”: that name was taken.").format(name=name)
    return _("Is on the server")


def set_up_words(cause: FilesCause) -> str:
    """Why a server could not be added, and what can be done about it."""
    match cause:
        case FilesCause.UNREACHABLE:
            advice = _("Look whether the address is right and you are online.")
        case FilesCause.REFUSED:
            advice = _("Type them again. Some servers want a separate password for programs.")
        case FilesCause.CERTIFICATE | FilesCause.NOT_ENCRYPTED:
            advice = _("So nothing was sent to it. Ask whoever runs it.")
        case _:
            advice = ""
    return f"{_(cause.value)} {advice}".rstrip()


def held_words(one: Transfer) -> str:
    """What the user is to decide about."""
    if one.missing:
        first = one.missing[0]
        text = ngettext(
            "{count} file did not get through: {name}. {reason}",
            "{count} files did not get through, the first: {name}. {reason}",
            len(one.missing),
        )
        return text.format(count=len(one.missing), name=first.path, reason=_(first.cause.value))
    if one.is_folder:
        return _("In this folder there are files that can do harm: {names}").format(names=one.found)
    return f"{_(one.danger.value)} {one.found}".strip() if one.danger is not None else ""


def missing_words(one: Transfer) -> str:
    """All that did not get through, a line each."""
    return "\n".join(f"{part.path}: {_(part.cause.value)}" for part in one.missing)
