// What a realm is told only after a while.
async (scope) => {
  const navigator = scope.navigator;
  const found = {};
  // A realm without an origin of its own has no storage.
  found.quota = await navigator.storage?.estimate().then((all) => all.quota, () => undefined);
  const high = await navigator.userAgentData?.getHighEntropyValues(["platformVersion", "model"]);
  found.system = high && high.platform + high.platformVersion + high.model;
  if (navigator.mediaDevices) {
    found.devices = (await navigator.mediaDevices.enumerateDevices()).length;
  }
  return found;
}
