// trusted-set-local-storage-item, key, value: keeps any value; $now$ and dates are filled in.
(kit, key, value = "") => {
  if (!key) return;
  const now = new Date();
  const text = value
    .replaceAll("$now$", String(now.getTime()))
    .replaceAll("$currentDate$", String(now))
    .replaceAll("$currentISODate$", now.toISOString());
  kit.page.localStorage.setItem(key, text);
}
