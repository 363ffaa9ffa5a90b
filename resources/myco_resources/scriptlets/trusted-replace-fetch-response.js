// trusted-replace-fetch-response, pattern, replacement, request: changes the text of answers.
(kit, pattern = "", replacement = "", properties = "", ...more) => {
  if (pattern === "") return;
  const search = pattern === "*" ? /^.*$/s : kit.expression(pattern, "gms");
  const has = kit.fits(kit.options(more).includes);
  kit.onFetch(kit.requests(properties), (text) => {
    search.lastIndex = 0;
    return has(text) ? text.replace(search, replacement) : undefined;
  });
}
