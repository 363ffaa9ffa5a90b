// adjust-setInterval, needle, milliseconds, factor: such timers run at another speed.
(kit, needle = "", delay = "", factor = "") => {
  const wanted = kit.fits(needle);
  const given = Number.parseFloat(factor);
  const by = Number.isFinite(given) ? Math.min(Math.max(given, 0.001), 50) : 0.05;
  const time = Number.parseInt(delay, 10);
  const usual = Number.isFinite(time) ? time : 1000;
  kit.wrap("setInterval", (target, self, args) => {
    const inTime = delay === "*" || Number(args[1]) === usual;
    if (inTime && wanted(kit.textOf(args[0]))) args[1] = Number(args[1] ?? 0) * by;
    return kit.apply(target, self, args);
  });
}
