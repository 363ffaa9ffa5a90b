// prevent-canvas, kind: a canvas gives no context of that kind, e.g. "2d"; "!2d" for all others.
(kit, kind = "") => {
  const wanted = kit.fitsOrNot(kind);
  kit.wrap("HTMLCanvasElement.prototype.getContext", (target, self, args) =>
    wanted(kit.textOf(args[0])) ? null : kit.apply(target, self, args),
  );
}
