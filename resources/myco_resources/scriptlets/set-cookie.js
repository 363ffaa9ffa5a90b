// set-cookie, name, value, path, "reload", 1: a cookie with one of the usual answers.
(kit, name, value = "", path = "", ...more) => {
  const usual = ("accept accepted agree all allow allowed approved checked closed decline declined " +
    "default denied deny disable disabled disagree disallow disapproved dismiss dismissed done enable " +
    "enabled essential f false forbidden forever functional granted hidden hide mandatory n necessary " +
    "next no none nonessential notaccepted off ok on reject rejected required seen t true unchecked " +
    "y yes").split(" ");
  const plain = value.replace(/^"(.*)"$/, "$1").toLowerCase();
  const isNumber = /^\d+$/.test(plain) && +plain <= 32767;
  if (!name || !(usual.includes(plain) || plain === "" || isNumber)) return;
  const has = () => document.cookie.split(/;\s*/).includes(`${name}=${value}`);
  if (has()) return;
  const folder = path === "none" ? "" : `; path=${path || "/"}`;
  const secure = /^__(?:secure|host)-/i.test(name) ? "; secure" : "";
  document.cookie = `${name}=${value}${folder}${secure}`;
  if (kit.options(more).reload && has()) location.reload();
}
