// remove-class, names with "|", selector, "asap stay complete": takes classes away.
(kit, names = "", selector = "", behaviour = "") => {
  const wanted = names.split(/\s*\|\s*/).filter((name) => name !== "");
  if (wanted.length === 0) return;
  const where = selector || wanted.map((name) => `.${CSS.escape(name)}`).join();
  const look = () => {
    for (const element of document.querySelectorAll(where)) {
      if (wanted.some((name) => element.classList.contains(name))) element.classList.remove(...wanted);
    }
  };
  const when = kit.words(behaviour);
  const start = () => (when.includes("stay") || when.includes("asap") ? kit.observe(look, ["class"]) : look());
  const moment = ["asap", "complete"].find((one) => when.includes(one)) ?? "interactive";
  kit.at(moment, start);
}
