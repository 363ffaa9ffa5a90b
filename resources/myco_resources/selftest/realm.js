// A realm tells by itself what it knows.
(async () => {
  const found = { ...(__PROBE__)(self), ...(await (__LATER__)(self)) };
  await fetch(__TELL__, { method: "POST", mode: "no-cors",
    body: JSON.stringify({ realm: __REALM__, found }) });
  if (__IS_POPUP__) self.close();
})();
