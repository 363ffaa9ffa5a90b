// popads-dummy: the loader of these windows finds itself already there.
(kit) => {
  for (const name of ["PopAds", "popns"]) {
    delete kit.page[name];
    kit.defineProperty(kit.page, name, { value: {}, enumerable: true });
  }
}
