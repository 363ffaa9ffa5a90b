"""What pages may do in general, as the user chose it."""

from __future__ import annotations

from myco_browser.domain.settings import AUTOPLAY, JAVASCRIPT, PDF_VIEWER
from myco_browser.domain.settings_private import PRIVATE_JAVASCRIPT, PRIVATE_PDF_VIEWER
from myco_browser.ui.context import Context
from myco_browser.web.profile import apply_choices


def apply_content(context: Context) -> None:
    """Tells the engine what the settings say now."""
    values, private = context.now, context.private
    apply_choices(
        context.profile,
        javascript=values[PRIVATE_JAVASCRIPT if private else JAVASCRIPT],
        autoplay=values[AUTOPLAY],
        pdf_viewer=values[PRIVATE_PDF_VIEWER if private else PDF_VIEWER],
    )
