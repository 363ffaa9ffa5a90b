// prevent-setInterval, needle, milliseconds: timers with such a text and time do nothing.
(kit, needle = "", delay = "") => {
  if (needle === "" && delay === "") return;
  const wanted = kit.fitsOrNot(needle);
  const inTime = kit.inRange(delay);
  kit.wrap("setInterval", (target, self, args) => {
    if (wanted(kit.textOf(args[0])) && inTime(Number(args[1] ?? 0))) args[0] = () => {};
    return kit.apply(target, self, args);
  });
}
