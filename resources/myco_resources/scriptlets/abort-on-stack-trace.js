// abort-on-stack-trace, path, needle: ends a script that reads the path from such calls.
(kit, path, needle = "") => {
  if (!path) return;
  const wanted = kit.fits(needle);
  const judge = () => {
    if (wanted(kit.stack())) kit.abort();
  };
  kit.follow(kit.page, path, (owner, name) => kit.stand(owner, name, judge));
}
