"""Switches the filter lists of the catalogue on and off."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE
from myco_filters.lists.catalogue import CATALOGUE, ListKind, Subscription, default_ids


class ListEditor(QWidget):
    """One box a list, with what it is against and its licence."""

    def __init__(
        self,
        choices: tuple[tuple[str, bool], ...],
        language: str,
        apply: Callable[[tuple[tuple[str, bool], ...]], None],
    ) -> None:
        super().__init__()
        self._choices = dict(choices)
        self._usual = default_ids({language})
        self._apply = apply
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["xs"])
        for subscription in CATALOGUE:
            column.addWidget(self._box(subscription))
            note = QLabel(f"{_kind_name(subscription.kind)} · {subscription.licence}")
            note.setObjectName("quiet")
            note.setIndent(34)
            column.addWidget(note)

    def _box(self, subscription: Subscription) -> QCheckBox:
        box = QCheckBox(subscription.title)
        usual = subscription.id in self._usual
        box.setChecked(self._choices.get(subscription.id, usual))
        box.toggled.connect(lambda on: self._change(subscription.id, on, usual))
        return box

    def _change(self, name: str, on: bool, usual: bool) -> None:
        if on == usual:
            self._choices.pop(name, None)
        else:
            self._choices[name] = on
        self._apply(tuple(sorted(self._choices.items())))


def _kind_name(kind: ListKind) -> str:
    return {
        ListKind.ADS: _("Ads"),
        ListKind.PRIVACY: _("Trackers"),
        ListKind.MALWARE: _("Malware"),
        ListKind.ANNOYANCES: _("Annoyances"),
        ListKind.COOKIES: _("Cookie banners"),
        ListKind.REGIONAL: _("Regional"),
        ListKind.COMPATIBILITY: _("Repairs"),
        ListKind.OWN: _("Own"),
    }[kind]
