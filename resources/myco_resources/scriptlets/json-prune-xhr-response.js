// json-prune-xhr-response, paths, needed paths, options: prunes the answers of such requests.
(kit, prune = "", needles = "", ...more) => {
  if (prune === "") return;
  const wanted = kit.requests(kit.options(more).propsToMatch);
  kit.onXhr(wanted, kit.jsonText(kit.pruner(prune, needles)));
}
