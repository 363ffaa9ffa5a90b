// Stands in for a video advertisement kit (the IMA SDK for HTML5). Each break begins and ends at
// once, with the events that players wait for in their documented order; nothing is fetched.
(() => {
  "use strict";
  if (window.google?.ima?.VERSION) return;
  const noop = () => {};

  // Getters and setters that only remember: set("x") makes setX and getX.
  const remember = (target, values) => {
    for (const [name, first] of Object.entries(values)) {
      let value = first;
      target[`set${name}`] = (next) => {
        value = next;
      };
      target[`get${name}`] = () => value;
      if (typeof first === "boolean") target[`is${name}`] = () => value;
    }
  };
  const named = (text) =>
    Object.freeze(Object.fromEntries(text.trim().split(/\s+/).map((pair) => {
      const [name, value] = pair.split("=");
      return [name, value ?? name.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase())];
    })));

  // As Closure's event targets: several types at once, an object with handleEvent, a scope.
  class Target {
    #listeners = new Map();

    addEventListener(types, act, _options, scope) {
      for (const type of [types].flat()) {
        const known = this.#listeners.get(type) ?? [];
        this.#listeners.set(type, [...known, { act, scope }]);
      }
    }

    removeEventListener(types, act) {
      for (const type of [types].flat()) {
        const known = this.#listeners.get(type) ?? [];
        this.#listeners.set(type, known.filter((one) => one.act !== act));
      }
    }

    dispatchEvent(event) {
      event.target = event.currentTarget = this;
      for (const { act, scope } of this.#listeners.get(event.type) ?? []) {
        try {
          if (typeof act === "function") act.call(scope ?? this, event);
          else act.handleEvent(event);
        } catch (error) {
          // One listener that fails does not cost the player the others.
          setTimeout(() => {
            throw error;
          });
        }
      }
      return true;
    }
  }

  class Event_ {
    constructor(type) {
      this.type = type;
    }

    preventDefault() {}

    stopPropagation() {}
  }

  const POD = {
    getAdPosition: () => 1, getIsBumper: () => false, getMaxDuration: () => -1,
    getPodIndex: () => 0, getTimeOffset: () => 0, getTotalAds: () => 1,
  };
  class Ad {
    constructor() {
      const texts = ["AdId", "AdSystem", "AdvertiserName", "ApiFramework", "ContentType",
        "CreativeAdId", "CreativeId", "DealId", "Description", "MediaUrl", "SurveyUrl", "Title",
        "TraffickingParametersString", "UniversalAdIdRegistry", "UniversalAdIdValue"];
      const numbers = ["Duration", "Height", "MinSuggestedDuration", "VastMediaBitrate",
        "VastMediaHeight", "VastMediaWidth", "Width"];
      const rows = ["CompanionAds", "UiElements", "UniversalAdIds", "WrapperAdIds",
        "WrapperAdSystems", "WrapperCreativeIds"];
      for (const name of texts) this[`get${name}`] = () => "";
      for (const name of numbers) this[`get${name}`] = () => 0;
      for (const name of rows) this[`get${name}`] = () => [];
    }

    getAdPodInfo() {
      return POD;
    }

    getSkipTimeOffset() {
      return -1;
    }

    getTraffickingParameters() {
      return {};
    }

    isLinear() {
      return true;
    }

    isSkippable() {
      return true;
    }

    isUiDisabled() {
      return true;
    }
  }

  class AdEvent extends Event_ {
    #ad;

    constructor(type, ad) {
      super(type);
      this.#ad = ad;
    }

    getAd() {
      return this.#ad;
    }

    getAdData() {
      return {};
    }
  }
  AdEvent.Type = named(`
    AD_BREAK_FETCH_ERROR AD_BREAK_READY AD_BUFFERING AD_CAN_PLAY AD_METADATA AD_PROGRESS
    ALL_ADS_COMPLETED CLICK COMPLETE CONTENT_PAUSE_REQUESTED CONTENT_RESUME_REQUESTED
    DURATION_CHANGE EXPANDED_CHANGED FIRST_QUARTILE=firstquartile IMPRESSION INTERACTION
    LINEAR_CHANGED LOADED LOG MEDIA_AUTOPLAY_FAILED=mediaUrl_autoplayFailed MIDPOINT=midpoint
    PAUSED=pause RESUMED=resume SKIPPABLE_STATE_CHANGED SKIPPED=skip STARTED=start
    THIRD_QUARTILE=thirdquartile USER_CLOSE VIDEO_CLICKED VIDEO_ICON_CLICKED
    VIEWABLE_IMPRESSION VOLUME_CHANGED=volumeChange VOLUME_MUTED=mute`);

  class AdError extends Error {
    constructor(type, code, vast, message) {
      super(message);
      this.getErrorCode = () => code;
      this.getInnerError = () => null;
      this.getMessage = () => message;
      this.getType = () => type;
      this.getVastErrorCode = () => vast;
    }

    toString() {
      return `AdError ${this.getErrorCode()}: ${this.getMessage()}`;
    }
  }
  AdError.Type = Object.freeze({ AD_LOAD: "adLoadError", AD_PLAY: "adPlayError" });
  AdError.ErrorCode = Object.freeze({
    ADS_REQUEST_NETWORK_ERROR: 1012, AUTOPLAY_DISALLOWED: 1205, COMPANION_AD_LOADING_FAILED: 603,
    COMPANION_REQUIRED_ERROR: 602, CONSENT_MANAGEMENT_PROVIDER_NOT_READY: 1206,
    FAILED_TO_REQUEST_ADS: 1005, INVALID_AD_TAG: 1013, INVALID_ARGUMENTS: 1101,
    NONLINEAR_DIMENSIONS_ERROR: 501, OVERLAY_AD_LOADING_FAILED: 502, STREAM_INITIALIZATION_FAILED: 1020,
    UNKNOWN_AD_RESPONSE: 1010, UNKNOWN_ERROR: 900, UNSUPPORTED_LOCALE: 1011,
    VAST_ASSET_NOT_FOUND: 1007, VAST_EMPTY_RESPONSE: 1009, VAST_LINEAR_ASSET_MISMATCH: 403,
    VAST_LOAD_TIMEOUT: 301, VAST_MALFORMED_RESPONSE: 100, VAST_MEDIA_LOAD_TIMEOUT: 402,
    VAST_NONLINEAR_ASSET_MISMATCH: 503, VAST_NO_ADS_AFTER_WRAPPER: 303,
    VAST_PROBLEM_DISPLAYING_MEDIA_FILE: 405, VAST_SCHEMA_VALIDATION_ERROR: 101,
    VAST_TOO_MANY_REDIRECTS: 302, VAST_TRAFFICKING_ERROR: 200, VAST_UNEXPECTED_DURATION_ERROR: 202,
    VAST_UNEXPECTED_LINEARITY: 201, VAST_UNSUPPORTED_VERSION: 102, VAST_WRAPPER_ERROR: 300,
    VIDEO_PLAY_ERROR: 400, VPAID_ERROR: 901,
  });
  class AdErrorEvent extends Event_ {
    constructor(error, context) {
      super("adError");
      this.getError = () => error;
      this.getUserRequestContext = () => context ?? {};
    }
  }
  AdErrorEvent.Type = Object.freeze({ AD_ERROR: "adError" });

  // What a break is made of, in the order of the documentation.
  const BREAK = ["LOADED", "CONTENT_PAUSE_REQUESTED", "IMPRESSION", "STARTED", "FIRST_QUARTILE",
    "MIDPOINT", "THIRD_QUARTILE", "COMPLETE", "CONTENT_RESUME_REQUESTED", "ALL_ADS_COMPLETED"];
  class AdsManager extends Target {
    #volume = 1;
    #ended = false;
    #started = false;
    #ad = new Ad();

    collapse() {}

    destroy() {
      this.#ended = true;
    }

    discardAdBreak() {}

    expand() {}

    focus() {}

    getAdSkippableState() {
      return false;
    }

    getCuePoints() {
      return [];
    }

    getCurrentAd() {
      return this.#ad;
    }

    getRemainingTime() {
      return 0;
    }

    getVolume() {
      return this.#volume;
    }

    init() {}

    isCustomClickTrackingUsed() {
      return false;
    }

    isCustomPlaybackUsed() {
      return false;
    }

    pause() {}

    resize() {}

    resume() {}

    setVolume(volume) {
      this.#volume = volume;
    }

    skip() {}

    start() {
      if (this.#started) return;
      this.#started = true;
      for (const name of BREAK) setTimeout(() => this.#tell(AdEvent.Type[name]));
    }

    stop() {
      if (!this.#started) return;
      this.#tell(AdEvent.Type.CONTENT_RESUME_REQUESTED);
      this.#ended = true;
    }

    updateAdsRenderingSettings() {}

    #tell(type) {
      if (!this.#ended) this.dispatchEvent(new AdEvent(type, this.#ad));
    }
  }

  class AdsManagerLoadedEvent extends Event_ {
    constructor(manager, context) {
      super("adsManagerLoaded");
      this.getAdsManager = () => manager;
      this.getUserRequestContext = () => context ?? {};
    }
  }
  AdsManagerLoadedEvent.Type = Object.freeze({ ADS_MANAGER_LOADED: "adsManagerLoaded" });

  class AdsLoader extends Target {
    #settings = new ImaSdkSettings();

    contentComplete() {}

    destroy() {}

    getSettings() {
      return this.#settings;
    }

    getVersion() {
      return ima.VERSION;
    }

    requestAds(_request, context) {
      const event = new AdsManagerLoadedEvent(new AdsManager(), context);
      setTimeout(() => this.dispatchEvent(event));
    }
  }

  class AdDisplayContainer {
    constructor(place) {
      // Players look for what the kit puts into their place.
      if (place instanceof Element) place.append(document.createElement("div"));
    }

    destroy() {}

    initialize() {}
  }

  class AdsRequest {
    constructor() {
      Object.assign(this, {
        adTagUrl: "", adsResponse: "", contentDuration: -3, contentKeywords: [], contentTitle: "",
        forceNonLinearFullSlot: false, linearAdSlotHeight: 0, linearAdSlotWidth: 0,
        liveStreamPrefetchSeconds: 0, nonLinearAdSlotHeight: 0, nonLinearAdSlotWidth: 0,
        omidAccessModeRules: {}, pageUrl: null, vastLoadTimeout: 5000,
      });
    }

    setAdWillAutoPlay() {}

    setAdWillPlayMuted() {}

    setContinuousPlayback() {}
  }

  class AdsRenderingSettings {
    constructor() {
      Object.assign(this, {
        autoAlign: true, bitrate: -1, enablePreloading: false, loadVideoTimeout: 8000,
        mimeTypes: null, playAdsAfterTime: -1, restoreCustomPlaybackStateOnAdBreakComplete: false,
        uiElements: null, useStyledLinearAds: false, useStyledNonLinearAds: true,
      });
    }
  }

  class CompanionAdSelectionSettings {
    constructor() {
      Object.assign(this, {
        adSlotIds: [], creativeType: "All", nearMatchPercent: 90, resourceType: "All",
        sizeCriteria: "SelectExactMatch",
      });
    }
  }
  CompanionAdSelectionSettings.CreativeType =
    Object.freeze({ ALL: "All", FLASH: "Flash", IMAGE: "Image" });
  CompanionAdSelectionSettings.ResourceType =
    Object.freeze({ ALL: "All", HTML: "Html", IFRAME: "IFrame", STATIC: "Static" });
  CompanionAdSelectionSettings.SizeCriteria = Object.freeze({
    IGNORE: "IgnoreSize", SELECT_EXACT_MATCH: "SelectExactMatch",
    SELECT_FLUID: "SelectFluid", SELECT_NEAR_MATCH: "SelectNearMatch",
  });

  class ImaSdkSettings {
    constructor() {
      remember(this, {
        AutoPlayAdBreaks: true, CookiesEnabled: true, DisableCustomPlaybackForIOS10Plus: false,
        FeatureFlags: {}, Locale: "", NumRedirects: 4, PlayerType: "", PlayerVersion: "",
        Ppid: "", SessionId: "", VpaidAllowed: true, VpaidMode: 0,
      });
    }

    getCompanionBackfill() {
      return ImaSdkSettings.CompanionBackfillMode.ALWAYS;
    }

    setCompanionBackfill() {}
  }
  ImaSdkSettings.CompanionBackfillMode =
    Object.freeze({ ALWAYS: "always", ON_MASTER_AD: "on_master_ad" });
  ImaSdkSettings.VpaidMode = Object.freeze({ DISABLED: 0, ENABLED: 1, INSECURE: 2 });

  const ima = {
    AdCuePoints: { PlaybackCriteria: Object.freeze({ AFTER: "after", BEFORE: "before" }) },
    AdDisplayContainer,
    AdError,
    AdErrorEvent,
    AdEvent,
    AdsLoader,
    AdsManager,
    AdsManagerLoadedEvent,
    AdsRenderingSettings,
    AdsRequest,
    CompanionAdSelectionSettings,
    ImaSdkSettings,
    OmidAccessMode: Object.freeze({ DOMAIN: "domain", FULL: "full", LIMITED: "limited" }),
    OmidVerificationVendor: Object.freeze({
      OTHER: 1, GOOGLE: 9, DOUBLEVERIFY: 5, MOAT: 2, INTEGRAL_AD_SCIENCE: 6, PIXELATE: 7,
      NIELSEN: 8, COMSCORE: 4, MEETRICS: 3,
    }),
    UiElements: Object.freeze({ AD_ATTRIBUTION: "adAttribution", COUNTDOWN: "countdown" }),
    UniversalAdIdInfo: class {
      getAdIdRegistry() {
        return "";
      }

      getAdIdValue() {
        return "";
      }
    },
    VERSION: "3.700.0",
    ViewMode: Object.freeze({ FULLSCREEN: "fullscreen", NORMAL: "normal" }),
    dai: { api: {} },
    getDisplayContainerFactory: noop,
    secureSignals: { clearAllCache: noop },
    settings: new ImaSdkSettings(),
  };
  window.google = window.google || {};
  window.google.ima = ima;
})();
