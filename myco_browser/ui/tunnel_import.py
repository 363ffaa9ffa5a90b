"""Taking exits from files, the clipboard and what is dropped; the answer is told to the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QBuffer, QIODevice, QMimeData, QObject
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog

from myco_browser.domain.tunnel import TunnelView
from myco_browser.ui.i18n import _, ngettext

if TYPE_CHECKING:
    from myco_browser.domain.tunnel import ExitView
    from myco_browser.ui.context import Tunnel
    from myco_browser.ui.window import BrowserWindow
    from myco_browser.ui.windows import WindowManager
    from myco_vpn.book.sources import Found, Source

_MAX_TOLD = 3
_LONGEST = 80
_KINDS = "*.conf *.zip *.png *.jpg *.jpeg *.webp"


def import_files(window: BrowserWindow) -> None:
    """Asks for files and takes what they hold."""
    kinds = _("WireGuard configurations, zips, QR pictures") + f" ({_KINDS})"
    paths, _kind = QFileDialog.getOpenFileNames(window, _("Import VPN exits"), "", kinds)
    if paths:
        import_paths(window, paths)


def export_exit(window: BrowserWindow, one: ExitView) -> None:
    """Asks for a new file and has an exit written there."""
    name = "".join(c if c.isalnum() or c in "-_ " else "-" for c in one.name).strip() or "exit"
    kinds = _("WireGuard configuration") + " (*.conf)"
    path, _kind = QFileDialog.getSaveFileName(window, _("Save exit"), f"{name}.conf", kinds)
    if path:
        window.context.tunnel.export(one.exit_id, path)


def import_paths(window: BrowserWindow, paths: Sequence[str]) -> None:
    """Takes files, folders, zips and pictures; read beside the Qt thread."""

    def read() -> tuple[Source, ...]:
        from myco_vpn.book.sources import read_path

        # Where the private key is missing, one's own may be meant (see `tunnel_key`).
        return tuple(read_path(Path(path), needs_secrets=False) for path in paths)

    window.context.beside.compute(read, lambda sources: _take(window, sources))


def import_clipboard(window: BrowserWindow) -> None:
    """Takes a configuration that was copied as text, or a copied picture of a QR code."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None and (found := clipboard.mimeData()) is not None:
        import_dropped(window, found)


def import_dropped(window: BrowserWindow, found: QMimeData) -> None:
    """Takes what was dropped or pasted."""
    paths = [url.toLocalFile() for url in found.urls() if url.isLocalFile()]
    if paths:
        import_paths(window, paths)
        return
    picture = found.imageData() if found.hasImage() else None
    if isinstance(picture, QImage) and not picture.isNull():
        _import_picture(window, picture)
        return
    from myco_vpn.book.sources import read_text

    text = found.text()
    if text.strip():
        _take(window, (read_text(text, _("pasted text"), needs_secrets=False),))
    else:
        window.tell(
            "info", _("There is no configuration to paste: copy its text, or its QR code, first.")
        )


def _import_picture(window: BrowserWindow, picture: QImage) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    payload = buffer.data().data()

    def read() -> tuple[Source, ...]:
        from myco_vpn.book.sources import read_picture

        return (read_picture(payload, _("pasted picture")),)

    window.context.beside.compute(read, lambda sources: _take(window, sources))


def join_tunnel(tunnel: Tunnel, manager: WindowManager) -> None:
    """Shows the tunnel in every window, and answers to what was asked in the one in front."""

    def answer(said: dict[str, object]) -> None:
        if (window := manager.active_window()) is not None:
            tell_answer(window, said)

    trays: list[QObject] = []

    def front() -> None:
        if (window := manager.active_window()) is not None:
            window.showNormal() if window.isMinimized() else window.show()
            window.raise_()
            window.activateWindow()

    def show() -> None:
        manager.show_tunnel(tunnel.view)
        window = manager.active_window()
        if trays or window is None or window.context.private or tunnel.view == TunnelView():
            return
        # Loaded with the first news of a tunnel; most starts have none.
        from PyQt6.QtWidgets import QSystemTrayIcon

        from myco_browser.ui.tunnel_tray import TunnelTray, wants_tray

        if wants_tray(tunnel.view) and QSystemTrayIcon.isSystemTrayAvailable():
            trays.append(TunnelTray(tunnel, window.context.face, front, manager))

    tunnel.changed.connect(show)
    tunnel.said.connect(answer)


def tell_answer(window: BrowserWindow, said: dict[str, object]) -> None:
    """Tells what became of an import."""
    problems, kept, known = (_words(said.get(name)) for name in ("problems", "kept", "known"))
    if problems:
        told = "; ".join(problems[:_MAX_TOLD])
        window.tell("warning", _("That did not work: {problems}").format(problems=told))
    elif said.get("no_key") is True:
        text = _(
            "Nothing was imported: the configuration has no private key, and none was made here."
        )
        window.tell("warning", text)
    elif isinstance(key := said.get("public_key"), str):
        from myco_browser.ui.tunnel_key import TunnelKeyWindow

        TunnelKeyWindow(window, key).show()
    elif isinstance(path := said.get("exported"), str):
        text = _("Saved as {path}. Whoever has this file has the key.")
        window.tell("tunnel", text.format(path=path))
    elif said.get("locked") is True:
        from myco_browser.ui.tunnel_panel import show_tunnel_panel

        show_tunnel_panel(window)
    elif kept:
        names = ", ".join(kept[:_MAX_TOLD])
        text = ngettext("Imported: {names}", "Imported {count} exits: {names}", len(kept))
        window.tell("tunnel", text.format(names=names, count=len(kept)))
    elif known:
        window.tell("info", _("You have this exit already: {name}").format(name=known[0]))


def _name_of(found: Found) -> str:
    """The file's name; what was pasted has none and is called after its gateway."""
    if found.name not in (_("pasted text"), _("pasted picture")):
        return found.name
    endpoints = (peer.endpoint for peer in found.parsed.config.peers if peer.endpoint)
    return next((endpoint.host for endpoint in endpoints), _("VPN"))


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _take(window: BrowserWindow, sources: Sequence[Source]) -> None:
    from myco_browser.ui.tunnel_problems import problem_words
    from myco_vpn.wireguard.config import write
    from myco_vpn.wireguard.parse import Reason

    problems = [problem_words(problem) for source in sources for problem in source.problems]
    if problems:
        told = "; ".join(problems[:_MAX_TOLD])
        window.tell("warning", _("Nothing was imported: {problems}").format(problems=told))
        return
    found = [one for source in sources for one in source.found]
    window.context.tunnel.keep([(_name_of(one), write(one.parsed.config)) for one in found])
    commands = [
        f"{line.key} = {line.text}"
        for one in found
        for line in one.parsed.ignored
        if line.reason is Reason.WOULD_RUN_A_PROGRAM
    ]
    if commands:
        text = ngettext(
            "{count} command in the configuration is never run: {commands}",
            "{count} commands in the configurations are never run: {commands}",
            len(commands),
        )
        told = "; ".join(_plain(one) for one in commands[:_MAX_TOLD])
        window.tell("info", text.format(count=len(commands), commands=told))


def _plain(text: str) -> str:
    """As much of somebody else's text as a line takes."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
