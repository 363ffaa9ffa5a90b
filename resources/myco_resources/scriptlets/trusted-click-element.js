// trusted-click-element, "selector, 500, selector", condition, delay: clicks one after the other.
(kit, steps = "", condition = "", delay = "") => {
  if (steps === "") return;
  const holds = (word) => {
    const found = /^(!?)(cookie|localStorage):([^=]+)(?:=(.*))?$/s.exec(word.trim());
    if (!found) return false;
    const [, not, where, name, value] = found;
    const pairs = where === "cookie"
      ? document.cookie.split(/;\s*/).map((pair) => [pair.split("=")[0], pair.replace(/^[^=]*=?/, "")])
      : Object.entries(localStorage);
    const [named, valued] = [kit.fits(name), kit.fits(value ?? "")];
    return pairs.some(([one, other]) => named(one) && valued(other)) !== (not === "!");
  };
  // A number stands where a condition could: a delay.
  const wait = Number(/^\d+$/.test(condition) ? condition : delay) || 0;
  const isWanted = /^\d*$/.test(condition) || condition.split(",").every(holds);
  if (!isWanted) return;
  // Commas inside brackets belong to their selector.
  const parts = steps.match(/(?:[^,([]|\([^)]*\)|\[[^\]]*\])+/g).map((part) => part.trim());
  const find = (selector) =>
    selector.split(" >>> ").reduce(
      (root, part) => (root?.shadowRoot ?? root)?.querySelector(part) ?? null, document,
    );
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const PATIENCE = 10000;
  const appear = async (selector) => {
    const end = Date.now() + PATIENCE;
    let found = find(selector);
    while (!found && Date.now() < end) {
      await pause(50);
      found = find(selector);
    }
    return found;
  };
  kit.at("interactive", async () => {
    await pause(wait);
    for (const part of parts.filter((one) => one !== "")) {
      if (/^\d+$/.test(part)) {
        await pause(+part);
        continue;
      }
      const element = await appear(part);
      if (!element) return;
      element.click();
    }
  });
}
