// Sends again what a form of this document was kept from sending, as the form would.
//
// It runs in a world of its own: what the page did to forms has no effect here.
(() => {
  "use strict";
  const { url, pairs } = __WANTED__;
  if (!pairs.length) {
    location.assign(url);
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.acceptCharset = "utf-8";
  form.hidden = true;
  for (const [name, value] of pairs) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.documentElement.append(form);
  HTMLFormElement.prototype.submit.call(form);
  form.remove();
})();
