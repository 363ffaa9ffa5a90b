// prevent-refresh: a page does not load itself anew by <meta http-equiv=refresh>.
(kit) =>
  kit.at("interactive", () => {
    if (document.querySelector('meta[http-equiv="refresh" i][content]')) window.stop();
  })
