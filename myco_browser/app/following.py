"""What has to be told elsewhere when the user changes a choice."""

from __future__ import annotations

from myco_browser.bridge.launcher_link import LauncherLink
from myco_browser.domain.settings_network import RESOLVER, RESOLVER_ADDRESS
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.settings_store import SettingsStore
from myco_browser.services.site_store import SiteStore
from myco_browser.web.policy import PolicyControl


def follow_choices(
    settings: SettingsStore, sites: SiteStore, policy: PolicyControl, launcher: LauncherLink
) -> None:
    """Sites that are changed or forgotten change the policy; the door follows the name server."""
    sites.observe(policy.follow)

    def on_settings(before: Settings, after: Settings) -> None:
        if any(before[one] != after[one] for one in (RESOLVER, RESOLVER_ADDRESS)):
            launcher.tell_settings()

    settings.observe(on_settings)
