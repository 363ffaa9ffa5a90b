// remove-cookie, name, "when", events: such cookies end now, when leaving, and at the events.
(kit, needle = "", ...more) => {
  const wanted = /^\/.+\/[a-z]*$/s.test(needle) || needle === "" ? kit.fits(needle) : (name) => name === needle;
  const labels = location.hostname.split(".");
  const hosts = labels.map((_, at) => labels.slice(at).join("."));
  const paths = ["", "; path=/"];
  location.pathname.split("/").reduce((path, part) => {
    paths.push(`; path=${path}${part}`);
    return `${path}${part}/`;
  }, "");
  const places = paths.flatMap((path) => [path, ...hosts.flatMap((host) => [`${path}; domain=${host}`, `${path}; domain=.${host}`])]);
  const remove = () => {
    for (const cookie of document.cookie.split(";")) {
      const name = cookie.split("=")[0].trim();
      if (name === "" || !wanted(name)) continue;
      for (const place of places) {
        document.cookie = `${name}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0${place}`;
      }
    }
  };
  remove();
  addEventListener("beforeunload", remove);
  for (const event of kit.words(kit.options(more).when)) document.addEventListener(event, remove, { passive: true });
}
