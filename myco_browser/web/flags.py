"""The engine's command line: made once, before QApplication, from the door and the identity.

Of two `--disable-features` (or `--enable-features`) only the last counts, so each list is merged
into one flag here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence

from myco_browser.domain.identity import SessionIdentity
from myco_vpn.engineproxy import proxy_arguments

# Advertising interfaces, local addresses in WebRTC, and an element that breaks video calls.
_DISABLED_FEATURES = (
    "WebRtcHideLocalIpsWithMdns",
    "BrowsingTopics",
    "BrowsingTopicsDocumentAPI",
    "Fledge",
    "InterestGroupStorage",
    "AdInterestGroupAPI",
    "SharedStorageAPI",
    "FencedFrames",
    "PrivacySandboxAdsAPIs",
    "ConversionMeasurement",
    "AttributionReporting",
    "PrivateAggregationApi",
    "PermissionElement",
)

# Partition caches and connections by the site on top; cut the referrer to the origin across sites.
_ENABLED_FEATURES = (
    "CapReferrerToOriginOnCrossOrigin",
    "SplitCacheByNetworkIsolationKey",
    "PartitionConnectionsByNetworkIsolationKey",
    "SplitAuthCacheByNetworkIsolationKey",
    "SplitCodeCacheByNetworkIsolationKey",
    "ReduceUserAgentDataLinuxPlatformVersion",
)

# Removed natively in every realm, workers included.
_DISABLED_BLINK_FEATURES = (
    "SharedStorageAPI",
    "TopicsAPI",
    "TopicsDocumentAPI",
    "Fledge",
    "AdInterestGroupAPI",
    "AttributionReporting",
    "PrivateStateTokens",
    "FencedFrames",
    "Parakeet",
    "InterestGroupsInSharedStorageWorklet",
)


def chromium_arguments(
    door_ports: Sequence[int], identity: SessionIdentity, *, sealed: bool, disable_gpu: bool
) -> list[str]:
    """The arguments that tie the engine to the door for life.

    `door_ports` are SOCKS5 ports on 127.0.0.1. Raises ValueError without any, because an engine
    without a proxy would go out by itself.
    """
    arguments = [
        *proxy_arguments(door_ports, sealed),
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        f"--disable-features={','.join(_DISABLED_FEATURES)}",
        f"--enable-features={','.join(_ENABLED_FEATURES)}",
        f"--disable-blink-features={','.join(_DISABLED_BLINK_FEATURES)}",
        f"--lang={identity.language}",
        "--no-pings",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-breakpad",
    ]
    if disable_gpu:
        arguments.append("--disable-gpu")
    return arguments
