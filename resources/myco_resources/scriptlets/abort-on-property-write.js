// abort-on-property-write, path: a script that sets it ends there.
(kit, path) => {
  if (!path) return;
  kit.follow(kit.page, path, (owner, name) => {
    delete owner[name];
    kit.stand(owner, name, () => {}, kit.abort);
  });
}
