// trusted-override-element-method, path, selector: the method does nothing on such elements.
(kit, path = "", selector = "") => {
  if (path === "" || selector === "") return;
  kit.wrap(path, (target, self, args) =>
    self instanceof Element && self.matches(selector) ? undefined : kit.apply(target, self, args),
  );
}
