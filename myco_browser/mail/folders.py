"""Folders as a server lists them, in the order and with the roles that people expect.

The role comes from the server where it tells (RFC 6154), else from the usual names.
"""

from __future__ import annotations

from collections.abc import Iterable

from myco_browser.domain.mail import Folder, Role

_SPECIAL = {
    "\\inbox": Role.INBOX, "\\drafts": Role.DRAFTS, "\\sent": Role.SENT, "\\archive": Role.ARCHIVE,
    "\\all": Role.OTHER, "\\junk": Role.JUNK, "\\spam": Role.JUNK, "\\trash": Role.TRASH,
}  # fmt: skip
# In lower case; many servers in French have these.
_NAMES = {
    Role.DRAFTS: ("drafts", "draft", "brouillons", "brouillon", "entwürfe"),
    Role.SENT: (
        "sent", "sent items", "sent messages", "sent mail", "outbox", "envoyés", "envoyes",
        "éléments envoyés", "elements envoyes", "messages envoyés", "courrier envoyé",
    ),
    Role.ARCHIVE: ("archive", "archives"),
    Role.JUNK: (
        "junk", "spam", "junk e-mail", "junk mail", "bulk mail", "indésirables", "indesirables",
        "courrier indésirable", "pourriel", "pourriels", "quarantaine",
    ),
    Role.TRASH: (
        "trash", "bin", "deleted items", "deleted messages", "deleted", "corbeille",
        "éléments supprimés", "elements supprimes", "supprimés",
    ),
}  # fmt: skip
_ORDER = list(Role)
_MOST = 5000


def folders_of(listed: Iterable[tuple[Iterable[object], object, object]]) -> tuple[Folder, ...]:
    """Folders from flags, separator and name of each; at most one has each role but OTHER."""
    rows: list[tuple[frozenset[str], str, str]] = []
    for flags, separator, name in listed:
        words = frozenset(
            one.decode("ascii", "replace").lower() for one in flags if isinstance(one, bytes)
        )
        rows.append((words, _text(separator), _text(name)))
    taken: set[Role] = set()
    found: list[Folder] = []
    for by_name in (False, True):
        for words, separator, path in rows[:_MOST]:
            if any(folder.path == path for folder in found):
                continue
            role = _role_by_name(path, separator) if by_name else _role_by_flags(words, path)
            if role in taken or (role is Role.OTHER and not by_name):
                role = Role.OTHER
                if not by_name:
                    continue
            taken.add(role)
            is_there = not words & {"\\noselect", "\\nonexistent"}
            found.append(Folder(path, _label(path, separator), role, is_there))
    return tuple(sorted(found, key=lambda f: (_ORDER.index(f.role), f.path.casefold())))


def _role_by_flags(words: frozenset[str], path: str) -> Role:
    if path.upper() == "INBOX":
        return Role.INBOX
    return next((_SPECIAL[word] for word in sorted(words) if word in _SPECIAL), Role.OTHER)


def _role_by_name(path: str, separator: str) -> Role:
    parts = path.split(separator) if separator else [path]
    # Some servers keep everything below the inbox.
    if len(parts) == 2 and parts[0].upper() == "INBOX":
        parts = parts[1:]
    if len(parts) != 1:
        return Role.OTHER
    name = parts[0].strip().lower()
    return next((role for role, names in _NAMES.items() if name in names), Role.OTHER)


def _label(path: str, separator: str) -> str:
    parts = [part for part in (path.split(separator) if separator else [path]) if part]
    if len(parts) > 1 and parts[0].upper() == "INBOX":
        parts = parts[1:]
    shown = " / ".join(parts) or path
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in shown)


def _text(found: object) -> str:
    if isinstance(found, bytes):
        return found.decode("utf-8", "replace")
    return str(found) if found is not None else ""
