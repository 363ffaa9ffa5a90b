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
    # A file that several connections write at once cannot be gone on with after a restart.
    "ParallelDownloading",
)

# Partition caches and connections by the site on top; cut the referrer to the origin across sites.
_ENABLED_FEATURES = (
    "CapReferrerToOriginOnCrossOrigin",
    "SplitCacheByNetworkIsolationKey",
    "PartitionConnectionsByNetworkIsolationKey",
    "SplitAuthCacheByNetworkIsolationKey",
    "SplitCodeCacheByNetworkIsolationKey",
    "EnablePortBoundCookies",
    "EnableSchemeBoundCookies",
    "DisableProcessReuse",
    "ClearCrossSiteCrossBrowsingContextGroupWindowName",
    # What the machine is like: the same answer everywhere, in workers too.
    "ReduceUserAgentDataLinuxPlatformVersion",
    "ReduceHardwareConcurrency",
    "ReduceScreenSize",
    "StaticStorageQuota",
    # A demand for encryption (HSTS) that a third party left holds for pages of its own only.
    "HstsTopLevelNavigationsOnly",
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
    # Devices and system facts that tell machines apart. No script of ours reaches a shared worker.
    "SharedWorker",
    "ScriptedSpeechSynthesis",
    "ScriptedSpeechRecognition",
    "FontAccess",
    "WebHID",
    "Serial",
    "WebUSB",
    "WebBluetooth",
    "ComputePressure",
    "Presentation",
    "PaymentRequest",
    "CSSSystemAccentColor",
    "RemotePlayback",
    "DevicePosture",
    "StorageBuckets",
    "MeasureMemory",
    "WebXR",
)
# Media keys (MPRIS): they put the titles of what plays on the desktop's bus.
_ONLY_EVERYDAY = ("HardwareMediaKeyHandling",)
# Video calls offer a choice of loudspeaker with it.
_WITHOUT_DEVICES = ("AudioOutputDevices",)

# A mouse that can hover; the heap's limit would tell the memory's size.
_UNIFORM = (
    "--site-per-process",
    "--js-flags=--max-old-space-size=4096",
    "--blink-settings=primaryPointerType=4,availablePointerTypes=4,"
    "primaryHoverType=2,availableHoverTypes=2",
)


def chromium_arguments(
    door_ports: Sequence[int],
    identity: SessionIdentity,
    *,
    sealed: bool,
    disable_gpu: bool,
    less_motion: bool = False,
) -> list[str]:
    """The arguments that tie the engine to the door for life.

    `door_ports` are SOCKS5 ports on 127.0.0.1. Raises ValueError without any, because an engine
    without a proxy would go out by itself.
    """
    arguments = [
        *proxy_arguments(door_ports, sealed),
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        f"--disable-features={','.join(_features(identity))}",
        f"--enable-features={','.join(_ENABLED_FEATURES)}",
        f"--disable-blink-features={','.join(_blink_features(identity))}",
        *_UNIFORM,
        f"--lang={identity.language}",
        "--no-pings",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-breakpad",
    ]
    if identity.fixed_scale:
        arguments.append("--force-device-scale-factor=1")
    if less_motion and not identity.uniform:
        arguments.append("--force-prefers-reduced-motion")
    if disable_gpu or not identity.webgl:
        # The only switch that takes WebGL from workers, too.
        arguments.append("--disable-gpu")
    return arguments


def _features(identity: SessionIdentity) -> tuple[str, ...]:
    return (*_DISABLED_FEATURES, *_ONLY_EVERYDAY) if identity.uniform else _DISABLED_FEATURES


def _blink_features(identity: SessionIdentity) -> tuple[str, ...]:
    more = () if identity.devices else _WITHOUT_DEVICES
    return (*_DISABLED_BLINK_FEATURES, *more)
