// Sees sign-in forms and fills them, in a world of its own: pages cannot see or call it. It tells
// that something happened, never what was typed: the browser asks for that by a call of its own.
(() => {
  "use strict";
  const config = __CONFIG__;
  if (globalThis.mycoSignIn || window.top !== window) return;
  if (location.protocol !== "https:" && location.protocol !== "http:") return;

  // A page's elements can be named like a document's or a form's properties: take none from there.
  const getter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const setter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).set;
  const find = Document.prototype.querySelectorAll;
  const focused = getter(Document, "activeElement");
  const pointed = Document.prototype.elementFromPoint;
  const rootOf = getter(Document, "documentElement");
  const box = Element.prototype.getBoundingClientRect;
  const actionOf = getter(HTMLFormElement, "action");
  const insideOf = HTMLFormElement.prototype.contains;
  const putValue = setter(HTMLInputElement, "value");
  const told = getter(HTMLButtonElement, "formAction");

  const SMALLEST = 8;
  const LEAST_OPACITY = 0.3;
  const NAMES = new Set(["text", "email", "tel", "url", "search", ""]);
  let taken = null;
  let watch = 0;

  const tell = (word) => console.debug(config.token + word);
  const inputs = () => [...find.call(document, "input")].slice(0, 2000);
  const formOf = (field) => field.form;
  const words = (field) => (field.autocomplete || "").toLowerCase().split(/\s+/);
  const isPassword = (field) => field.type === "password";
  const isNameLike = (field) => NAMES.has(field.type) || words(field).includes("username");
  const isMarkedName = (field) =>
    words(field).includes("username") || words(field).includes("email") || field.type === "email";

  // Whether a person sees the field where it is, and nothing lies above it.
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const isClear = (element) => {
    let opacity = 1;
    for (let node = element; node instanceof Element; node = parentOf(node)) {
      const style = getComputedStyle(node);
      opacity *= Number(style.opacity);
      if (opacity < LEAST_OPACITY) return false;
      if (/opacity|brightness|contrast|blur|url\(/.test(style.filter)) return false;
      if (style.clipPath !== "none" && node === element) return false;
      if (style.maskImage && style.maskImage !== "none") return false;
      if (style.mixBlendMode !== "normal" && node === element) return false;
    }
    return true;
  };
  const isShown = (field) =>
    field.isConnected && !field.disabled && field.checkVisibility({
      opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true,
    }) && (() => {
      const { width, height } = box.call(field);
      return width >= SMALLEST && height >= SMALLEST && isClear(field);
    })();
  const isHit = (field, x, y) => {
    let hit = pointed.call(document, x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    if (!hit) return false;
    if (hit === field) return true;
    return hit instanceof HTMLLabelElement && hit.control === field;
  };
  // "" when the field may be filled, else why not.
  const refusal = (field) => {
    if (field.readOnly || !isShown(field)) return "hidden";
    const inside = ({ left, top, right, bottom }) =>
      left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    if (!inside(box.call(field))) {
      field.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    }
    const { left, top, right, bottom } = box.call(field);
    const low = Math.max(top, 0), high = Math.min(bottom, innerHeight);
    const near = Math.max(left, 0), far = Math.min(right, innerWidth);
    if (far - near < SMALLEST || high - low < SMALLEST) return "hidden";
    const middle = (low + high) / 2;
    const points = [0.2, 0.5, 0.8].map((part) => near + (far - near) * part);
    return points.every((x) => isHit(field, x, middle)) ? "" : "covered";
  };

  // The fields of one form (or of the page, for fields without one), in their order.
  const groupOf = (field) => {
    const form = formOf(field);
    return inputs().filter((one) => formOf(one) === form);
  };
  const nameBefore = (group, password) => {
    const before = group.slice(0, Math.max(group.indexOf(password), 0));
    const fitting = before.filter((one) => isNameLike(one) && isShown(one));
    return fitting.findLast(isMarkedName) ?? fitting.at(-1) ?? null;
  };
  const isNew = (field) => words(field).includes("new-password");
  const passwordsIn = (group) => group.filter((one) => isPassword(one) && isShown(one));

  // What a form is about to send: its name, and the password that will hold from then on.
  const read = (group) => {
    const filled = passwordsIn(group).filter((one) => one.value);
    if (!filled.length) {
      const name = group.find((one) => isMarkedName(one) && isShown(one) && one.value);
      return name ? { username: name.value, password: "" } : null;
    }
    const marked = filled.find(isNew);
    let chosen = marked ?? filled[0];
    if (!marked && filled.length > 1) {
      chosen = filled.findLast((one, at) => filled.indexOf(filled.find(
        (other) => other.value === one.value)) !== at) ?? filled[1];
    }
    const name = nameBefore(group, filled[0]);
    return { username: name ? name.value : "", password: chosen.value, field: filled[0] };
  };
  const note = (group) => {
    const found = read(group);
    if (!found) return;
    taken = { username: found.username.slice(0, 4096), password: found.password.slice(0, 4097),
              origin: location.origin };
    tell(found.password ? "sent" : "named");
    if (found.field) waitUntilGone(found.field);
  };
  // A page that signs in without loading another one takes its form away.
  const waitUntilGone = (field) => {
    clearInterval(watch);
    let left = 40;
    watch = setInterval(() => {
      left -= 1;
      if (!isShown(field)) tell("gone");
      if (!left || !isShown(field)) clearInterval(watch);
    }, 400);
  };

  const looksLikeInput = (target) => target instanceof HTMLInputElement;
  addEventListener("submit", (event) => {
    const form = event.composedPath()[0];
    if (form instanceof HTMLFormElement) note(inputs().filter((one) => formOf(one) === form));
  }, true);
  addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    if (event.isTrusted && event.key === "Enter" && looksLikeInput(target)) note(groupOf(target));
  }, true);
  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const button = event.composedPath().find((one) => one instanceof HTMLButtonElement ||
      (looksLikeInput(one) && (one.type === "submit" || one.type === "image" ||
       one.type === "button")) || (one instanceof Element && one.getAttribute("role") === "button"));
    if (!button) return;
    const last = inputs().findLast((one) => isPassword(one) && one.value && isShown(one));
    if (button.form) note(inputs().filter((one) => formOf(one) === button.form));
    else if (last) note(groupOf(last));
  }, true);
  const look = () => { if (inputs().some((one) => isPassword(one) && isShown(one))) tell("form"); };
  addEventListener("focusin", (event) => {
    const target = event.composedPath()[0];
    if (looksLikeInput(target) && isPassword(target)) tell("form");
  }, true);
  addEventListener("DOMContentLoaded", look, true);
  addEventListener("load", look, true);

  const write = (field, text) => {
    field.focus({ preventScroll: true });
    putValue.call(field, text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true,
                                                  inputType: "insertReplacementText" }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // Every address that a form of these fields would be sent to, as it stands now.
  const targets = (form) => {
    if (!form) return [];
    const found = [actionOf.call(form) || location.href];
    for (const one of find.call(document, "button[formaction], input[formaction]")) {
      if (one.form === form && one.hasAttribute("formaction")) {
        const address = one instanceof HTMLButtonElement ? told.call(one) : one.formAction;
        found.push(address);
      }
    }
    return found;
  };
  // The form that is meant: the one with the focus, else the first with a password that shows.
  const chosenGroup = () => {
    const active = focused.call(document);
    if (looksLikeInput(active) && (isPassword(active) || isNameLike(active))) {
      const group = groupOf(active);
      if (passwordsIn(group).length || isMarkedName(active)) return group;
    }
    const password = inputs().find((one) => isPassword(one) && isShown(one));
    if (password) return groupOf(password);
    const name = inputs().find((one) => words(one).includes("username") && isShown(one));
    return name ? groupOf(name) : null;
  };

  globalThis.mycoSignIn = {
    // Whether there is a form, with a password and with a new one, and what lies in the way.
    state: () => {
      const group = chosenGroup();
      const passwords = group ? passwordsIn(group) : [];
      return { origin: location.origin, forms: group !== null, passwords: passwords.length,
               fresh: passwords.some(isNew) || passwords.length > 1,
               targets: group && group[0] ? targets(formOf(group[0])) : [] };
    },
    take: () => { const was = taken; taken = null; return was; },
    // Fills name and password into the form that is meant; the answer is "" or why it was not done.
    fill: (origin, username, password) => {
      if (location.origin !== origin) return "elsewhere";
      const group = chosenGroup();
      if (!group) return "nothing";
      const shown = passwordsIn(group);
      const target = shown.find((one) => !isNew(one)) ?? null;
      const name = target ? nameBefore(group, target)
        : group.find((one) => isMarkedName(one) && isShown(one)) ?? null;
      if (!target && !name) return "nothing";
      const refused = target ? refusal(target) : refusal(name);
      if (refused) return refused;
      if (name && username && !refusal(name)) write(name, username);
      // What the page did on the first one may have changed everything.
      if (!target) return "";
      if (location.origin !== origin) return "elsewhere";
      const late = refusal(target);
      if (late) return late;
      if (!isPassword(target)) return "nothing";
      write(target, password);
      return "";
    },
    // Fills a new password wherever the form asks for one.
    fillNew: (origin, password) => {
      if (location.origin !== origin) return "elsewhere";
      const group = chosenGroup();
      const shown = group ? passwordsIn(group) : [];
      const marked = shown.filter(isNew);
      const fields = marked.length ? marked : shown.slice(shown.length > 2 ? 1 : 0);
      if (!fields.length) return "nothing";
      for (const field of fields) {
        const refused = refusal(field);
        if (refused) return refused;
        write(field, password);
      }
      return "";
    },
  };
})();
