// trusted-set-cookie, name, value, lifetime in seconds or "1year"/"1day", path, options.
(kit, name, value = "", lasts = "", path = "", ...more) => {
  if (!name) return;
  const wishes = kit.options(more);
  const now = new Date();
  const text = value
    .replaceAll("$now$", String(now.getTime()))
    .replaceAll("$currentDate$", String(now))
    .replaceAll("$currentISODate$", now.toISOString());
  const has = () => document.cookie.split(/;\s*/).includes(`${name}=${text}`);
  if (has()) return;
  const seconds = { "1day": 86400, "1year": 31536000 }[lasts] ?? (lasts === "" ? undefined : Number(lasts));
  const parts = [`${name}=${text}`];
  if (Number.isFinite(seconds)) parts.push(`max-age=${seconds}`);
  if (path !== "none") parts.push(`path=${path || "/"}`);
  if (wishes.domain) parts.push(`domain=${wishes.domain}`);
  if (/^__(?:secure|host)-/i.test(name)) parts.push("secure");
  document.cookie = parts.join("; ");
  if (wishes.reload && has()) location.reload();
}
