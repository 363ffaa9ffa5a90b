"""How letters look: like the window, or on white paper where they bring colours of their own.

A letter with colours is made for white paper, whatever the window looks like: turned dark, texts
vanish on grounds that the sender forgot or chose. So it keeps its paper, and in a dark window lies
on it like a sheet on a table. All others take the colours of the window.
"""

from __future__ import annotations

from myco_browser.ui.theme import Face, is_dark

_COMMON = """
html, body { margin: 0; }
body { padding: 12px 16px 24px; overflow-wrap: anywhere; font: 14px/1.5 sans-serif; }
img { max-width: 100%; }
table { max-width: 100%; }
blockquote { margin: 8px 0; padding-left: 12px; border-left: 3px solid; }
pre { white-space: pre-wrap; }
summary { cursor: pointer; padding: 6px 0; font-size: 12px; }
"""
_PAPER = """
body { background: #ffffff; color: #1a2623; color-scheme: light; min-width: min-content; }
a { color: #0d6b5e; }
blockquote { border-color: #cfd8d3; }
"""
_ON_A_TABLE = """
html { box-sizing: border-box; width: fit-content; min-width: 100%; padding: 8px; }
body { padding: 12px 16px; border-radius: 10px; }
"""


def letter_style(face: Face, *, paper: bool) -> str:
    """The style sheet of a letter; `paper` for one with colours of its own."""
    dark = is_dark(face)
    scheme = f":root {{ color-scheme: {'dark' if dark else 'light'}; }}"
    if paper:
        ground = f"html {{ background: {ground_of(face, paper=True)}; }}"
        return f"{_COMMON} {scheme} {ground} {_PAPER} {_ON_A_TABLE if dark else ''}"
    return (
        f"{_COMMON} {scheme} "
        f"body {{ background: {face.bar}; color: {face.text}; }} a {{ color: {face.accent}; }} "
        f".text {{ white-space: pre-wrap; }} blockquote {{ border-color: {face.line}; "
        f"color: {face.quiet}; }} summary, .empty {{ color: {face.quiet}; }}"
    )


def ground_of(face: Face, *, paper: bool) -> str:
    """The colour behind a letter, as #rrggbb."""
    return "#ffffff" if paper and not is_dark(face) else face.bar
