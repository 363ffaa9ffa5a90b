// Answers what a realm asks about the browser, where the engine's own word for one site does not
// reach: frames that are read at once or kept apart, and service workers. Elsewhere it finds nothing
// to do. `origins`: those of pages on top for which it counts; null for the realm that it is put into.
(wanted, origins) => {
  "use strict";
  const { userAgent, userAgentMetadata: found } = wanted;
  const native = (globalThis.Navigator ?? globalThis.WorkerNavigator)?.prototype;
  if (!native || navigator.userAgent === userAgent) return;
  if (origins) {
    const above = location.ancestorOrigins;
    if (!origins.includes(above.length ? above[above.length - 1] : globalThis.origin)) return;
  }
  const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const then = Promise.prototype.then;
  const answer = (owner, name, value) => {
    const was = owner && getOwnPropertyDescriptor(owner, name);
    if (!was?.get) return;
    const traps = {
      apply: (getter, self, list) => {
        apply(getter, self, list);
        return value;
      },
    };
    defineProperty(owner, name, { ...was, get: new Proxy(was.get, traps) });
  };
  answer(native, "userAgent", userAgent);
  answer(native, "appVersion", userAgent.replace(/^Mozilla\//, ""));
  const data = globalThis.NavigatorUAData?.prototype;
  const asked = data && getOwnPropertyDescriptor(data, "getHighEntropyValues");
  if (!asked) return;
  const brands = Object.freeze(found.brands.map((one) => Object.freeze({ ...one })));
  answer(data, "brands", brands);
  const traps = {
    apply: (method, self, list) =>
      apply(then, apply(method, self, list), [
        (all) => {
          const told = { ...all, brands: found.brands };
          if ("fullVersionList" in all) told.fullVersionList = found.fullVersionList;
          return told;
        },
      ]),
  };
  defineProperty(data, "getHighEntropyValues", { ...asked, value: new Proxy(asked.value, traps) });
  const plain = getOwnPropertyDescriptor(data, "toJSON");
  if (!plain) return;
  const written = {
    apply: (method, self, list) => ({ ...apply(method, self, list), brands: found.brands }),
  };
  defineProperty(data, "toJSON", { ...plain, value: new Proxy(plain.value, written) });
}
