// What only windows can know, besides.
(scope) => {
  const screen = scope.screen;
  const found = {};
  const says = (query) => scope.matchMedia(query).matches;
  found.screenIsPage = screen.width === scope.innerWidth && screen.height === scope.innerHeight
    && scope.outerWidth === scope.innerWidth && scope.outerHeight === scope.innerHeight;
  found.screenSize = screen.width + " × " + screen.height;
  found.screenPlace = [scope.screenX, scope.screenY, screen.availLeft, screen.availTop].join();
  found.screenDepth = screen.colorDepth;
  found.scale = scope.devicePixelRatio;
  found.media = ["(prefers-color-scheme: light)", "(prefers-reduced-motion: no-preference)",
    "(prefers-contrast: no-preference)", "(color-gamut: srgb)"].every(says);
  found.pointer = says("(pointer: fine)") && says("(hover: hover)") && !says("(any-pointer: coarse)");
  found.gamepads = "getGamepads" in scope.navigator;
  const sound = new scope.AudioContext();
  found.sound = [sound.sampleRate, sound.baseLatency, sound.outputLatency,
    sound.destination.maxChannelCount].join(", ");
  sound.close();

  // Fonts of other machines: whether one is there shows in the width of a text.
  const pen = scope.document.createElement("canvas").getContext("2d");
  const width = (family) => {
    pen.font = "72px " + family;
    return pen.measureText("mmmmmmmmmmlli WQ 0").width;
  };
  const isThere = (family) => ["serif", "monospace"].every((usual) =>
    width(`"${family}", ${usual}`) !== width(usual));
  found.fonts = ["Ubuntu", "Cantarell", "Roboto", "Comic Sans MS", "Fira Sans", "Noto Sans CJK JP",
    "Droid Sans", "FreeSans", "Open Sans", "Lato", "Segoe UI", "Inter", "Noto Serif",
  ].filter(isThere).join(", ");

  let step = Infinity;
  const end = scope.performance.now() + 20;
  for (let last = scope.performance.now(), now = last; last < end; last = now) {
    now = scope.performance.now();
    if (now > last) step = Math.min(step, now - last);
  }
  found.timer = Math.round(step * 1000) / 1000;
  return found;
}
