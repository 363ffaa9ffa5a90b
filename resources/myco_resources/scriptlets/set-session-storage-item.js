// set-session-storage-item, key, value: keeps a plain value; $remove$ takes keys away.
(kit, key, value = "") => {
  if (!key) return;
  const storage = kit.page.sessionStorage;
  if (value === "$remove$") {
    const wanted = /^\/.+\/[a-z]*$/s.test(key) ? kit.fits(key) : (name) => name === key;
    for (const name of Object.keys(storage)) if (wanted(name)) storage.removeItem(name);
    return;
  }
  const found = kit.constant(value);
  if (!found || typeof found[0] === "function") return;
  const [plain] = found;
  storage.setItem(key, kit.isObject(plain) ? JSON.stringify(plain) : String(plain));
}
