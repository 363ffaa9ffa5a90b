// abort-on-property-read, path: a script that reads it ends there.
(kit, path) => {
  if (path) kit.follow(kit.page, path, (owner, name) => kit.stand(owner, name, kit.abort, () => {}));
}
