// Takes the article out of the text of a page. Runs in an empty page of ours, in a world of its own:
// nothing of the page is loaded or run there. It is called with that text.
(function (pageText) {
  __CODE__
  const MOST_ELEMENTS = 60000;
  const MOST_INLINE = 100000;
  const FEWEST_SIGNS = 140;
  const tags = (
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del " +
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd " +
    "li main mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table " +
    "tbody td tfoot th thead time tr u ul var wbr"
  ).split(" ");
  const attributes = "href src alt title lang dir colspan rowspan start id datetime".split(" ");
  let parsed = null;
  let page = null;
  let language = "";
  try {
    page = new DOMParser().parseFromString(pageText, "text/html");
    language = page.documentElement.lang;
    parsed = new Readability(page, { maxElemsToParse: MOST_ELEMENTS }).parse();
  } catch {
    return null; // too many elements, or a page that no article can be made of
  }
  if (!parsed || !parsed.content) return null;
  const tree = DOMPurify.sanitize(parsed.content, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|data:image\/(?:png|jpeg|gif|webp|avif);base64,)/i,
    RETURN_DOM: true,
  });
  for (const picture of tree.querySelectorAll("img")) {
    const source = picture.getAttribute("src") ?? "";
    if (!source || (source.startsWith("data:") && source.length > MOST_INLINE)) picture.remove();
    else picture.setAttribute("loading", "lazy");
  }
  const text = tree.textContent.trim();
  if (text.length < FEWEST_SIGNS) return null;
  // Scripts without spaces between words are counted by their letters.
  const signs = (text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g) ?? []).length;
  const words = text.split(/\s+/).length;
  return JSON.stringify({
    title: parsed.title || "",
    byline: parsed.byline || "",
    site: parsed.siteName || "",
    language: parsed.lang || language,
    direction: parsed.dir || "",
    minutes: Math.max(1, Math.round(words / 230 + signs / 500)),
    html: tree.innerHTML,
  });
})
