"""The tunnel, from a session: the launcher's news as a value, and what the user wants."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.launcher_link import LauncherLink
from myco_browser.domain.tunnel import TunnelView, tunnel_view
from myco_vpn.framing import JsonObject


class TunnelControl(QObject):
    """`view` is replaced and `changed` emitted with each news; `said` brings answers."""

    changed = pyqtSignal()
    said = pyqtSignal(object)  # a dict: kept, known, problems, locked, unlocked, wrong

    def __init__(self, launcher: LauncherLink) -> None:
        super().__init__()
        self.view = TunnelView()
        self._launcher = launcher
        self._waiting: list[JsonObject] = []
        launcher.tunnel_told.connect(self._on_told)
        launcher.tunnel_said.connect(self._on_said)

    @property
    def awaits_passphrase(self) -> bool:
        """Whether configurations wait to be kept until the keys can be sealed."""
        return bool(self._waiting)

    def toggle(self) -> None:
        """On becomes off, off becomes on."""
        self._ask(do="toggle")

    def turn_on(self, exit_id: str, through: str | None = None) -> None:
        """Everything through that exit (reached through another one, if wished), or nothing."""
        self._ask(do="on", exit=exit_id, through=through or "")

    def turn_off(self) -> None:
        """Everything directly."""
        self._ask(do="off")

    def block(self) -> None:
        """Nothing leaves."""
        self._ask(do="block")

    def look(self) -> None:
        """Ask for news."""
        self._ask(do="look")

    def list_exits(self) -> None:
        """Ask for the exits, and where keys are kept."""
        self._ask(do="list")

    def measure(self) -> None:
        """Ask how long the tunnel's name server takes."""
        self._ask(do="measure")

    def protect_computer(self, exit_id: str) -> None:
        """Everything of the whole computer through that exit, or nothing."""
        self._ask(do="whole-on", exit=exit_id)

    def release_computer(self) -> None:
        """The whole computer goes its usual ways."""
        self._ask(do="whole-off")

    def look_at_computer(self) -> None:
        """Ask how the whole computer goes."""
        self._ask(do="whole-look")

    def keep(self, items: Sequence[tuple[str, str]]) -> None:
        """Keep configurations, each with a name; they wait if a passphrase is wanted first."""
        self._waiting = [{"name": name, "text": text} for name, text in items]
        self._ask(do="import", items=self._waiting)

    def remove(self, exit_id: str) -> None:
        """Forget an exit and its key."""
        self._ask(do="remove", exit=exit_id)

    def favour(self, exit_id: str, on: bool) -> None:
        """Make an exit a favourite, or no longer."""
        self._ask(do="favourite", exit=exit_id, on=on)

    def export(self, exit_id: str, path: str) -> None:
        """Write an exit, with its key, into a new file."""
        self._ask(do="export", exit=exit_id, path=path)

    def trust_network(self, on: bool) -> None:
        """Trust the network that this computer is in, or no longer."""
        self._ask(do="trust", on=on)

    def follow_networks(self) -> None:
        """The settings about networks have changed."""
        self._ask(do="networks")

    def make_key(self) -> None:
        """Ask for a key pair; `said` brings its public half."""
        self._ask(do="key")

    def unlock(self, passphrase: str) -> None:
        """Open the file with the keys, or choose its passphrase."""
        self._ask(do="unlock", passphrase=passphrase)

    def _ask(self, **body: object) -> None:
        self._launcher.ask_tunnel(body)

    def _on_told(self, body: JsonObject) -> None:
        view = tunnel_view(body)
        if view != self.view:
            self.view = view
            self.changed.emit()

    def _on_said(self, body: JsonObject) -> None:
        if body.get("unlocked") is True and self._waiting:
            self._ask(do="import", items=self._waiting)
        if "kept" in body and body.get("locked") is not True:
            self._waiting = []
        self.said.emit(body)
