// prevent-popads-net: a script that sets the loader up ends there.
(kit) => {
  for (const name of ["PopAds", "popns"]) {
    delete kit.page[name];
    kit.stand(kit.page, name, () => {}, kit.abort);
  }
}
