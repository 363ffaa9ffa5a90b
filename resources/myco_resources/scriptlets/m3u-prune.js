// m3u-prune, what, address: such playlists come without these pieces.
(kit, what = "", place = "") => {
  if (what === "") return;
  const isWhole = /^\/.+\/[a-z]*m[a-z]*$/s.test(what);
  const fits = kit.fits(what);
  const wanted = kit.requests(place.includes(" ") ? "" : place);
  // What stands before an address belongs to it; what is about the whole list stays.
  const isAbout = (line) => /^#EXT(?:INF|-X-(?:BYTERANGE|DISCONTINUITY|PROGRAM-DATE-TIME|CUE|GAP))\b/.test(line);
  const pruned = (text) => {
    if (!text.trimStart().startsWith("#EXTM3U")) return undefined;
    if (isWhole) return text.replace(kit.expression(what), "");
    const kept = [];
    let piece = [];
    for (const line of text.split("\n")) {
      piece.push(line);
      if (isAbout(line)) continue;
      const isPiece = line !== "" && line[0] !== "#";
      if (isPiece && piece.some(fits)) piece = piece.filter((one) => !isAbout(one) && one !== line);
      kept.push(...piece);
      piece = [];
    }
    return [...kept, ...piece].join("\n");
  };
  kit.onFetch(wanted, pruned);
  kit.onXhr(wanted, pruned);
}
