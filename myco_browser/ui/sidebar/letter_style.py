"""How letters look: plain ones like the window, those with HTML on white paper."""

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


def letter_style(face: Face, *, plain: bool) -> str:
    """The style sheet of a letter."""
    if not plain:
        # Senders choose colours for white paper and forget to say so.
        paper = ":root { color-scheme: light; } body { background: #ffffff; color: #1a2623; }"
        return f"{_COMMON} {paper} a {{ color: #0d6b5e; }} blockquote {{ border-color: #cfd8d3; }}"
    scheme = "dark" if is_dark(face) else "light"
    return (
        f"{_COMMON} :root {{ color-scheme: {scheme}; }} "
        f"body {{ background: {face.bar}; color: {face.text}; }} a {{ color: {face.accent}; }} "
        f".text {{ white-space: pre-wrap; }} blockquote {{ border-color: {face.line}; "
        f"color: {face.quiet}; }} summary, .empty {{ color: {face.quiet}; }}"
    )
