"""Which of the browser's own pages there are, and what they tell of the session."""

from __future__ import annotations

from collections.abc import Callable

from myco_browser.services.history import History
from myco_browser.system.swap import Swap, swap_here
from myco_browser.ui import own_pages
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _, ngettext

_PLACES = 8


def renderers(
    context_of: Callable[[], Context], history: History | None
) -> dict[str, Callable[[], str]]:
    """Name to the function that makes the page; the context is asked for when it is shown."""

    def start() -> str:
        context = context_of()
        engine, face, language = context.default_engine(), context.face, context.language
        if context.private:
            swaps = swap_here() is Swap.CLEAR
            return own_pages.private_page(face, language, engine, context.number, swaps=swaps)
        places = history.top(_PLACES) if history is not None else ()
        pinned = [(pin.url, pin.title) for pin in context.pins.all]
        often = [(page.url, page.title) for page in places if not context.pins.is_pinned(page.url)]
        return own_pages.start_page(face, language, engine, _facts(context), pinned, often)

    def shortcuts() -> str:
        context = context_of()
        return own_pages.shortcuts_page(context.face, context.language)

    def version() -> str:
        # These two pages are seldom looked at: a start does not load what they need.
        import datetime

        from myco_browser.system.sandbox import confinement
        from myco_browser.ui.about_pages import version_page

        context = context_of()
        today = datetime.datetime.now(datetime.UTC).date()
        face, language = context.face, context.language
        seal = (context.sealed, context.seal_reason)
        return version_page(face, language, *seal, confinement(), today)

    def config() -> str:
        from myco_browser.ui.about_pages import config_page

        context = context_of()
        return config_page(context.face, context.language, context.now)

    return {"start": start, "shortcuts": shortcuts, "version": version, "config": config}


def _facts(context: Context) -> list[tuple[str, str, str, bool]]:
    policy = context.policy.snapshot
    count = len(policy.engine.lists)
    lists = ngettext("With {count} filter list.", "With {count} filter lists.", count)
    if all(one.id.startswith("base-") for one in policy.engine.lists):
        lists = _("With the built-in list, until the others are ready.")
    sealed = _("Everything passes one door; the kernel allows no other way out.")
    unsealed = _("This system does not allow sealing; the engine is told to use the door.")
    return [
        (
            "shield-check" if policy.blocking else "shield-off",
            _("Ads and trackers are blocked") if policy.blocking else _("Blocking is off"),
            lists.format(count=count),
            policy.blocking,
        ),
        (
            "seal" if context.sealed else "warning",
            _("Sealed session") if context.sealed else _("Session not sealed"),
            sealed if context.sealed else unsealed,
            context.sealed,
        ),
        (
            "eye-off",
            _("Nothing is reported"),
            _("No telemetry, no account, no connection you did not ask for."),
            True,
        ),
    ]
