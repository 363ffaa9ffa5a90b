// Answers the banners of known consent tools with "no". In a world of its own, in frames too.
// What it may press is bounded: known buttons, never one that reads like consent, a few tries.
(() => {
  "use strict";
  const table = __TABLE__;
  const above = location.ancestorOrigins;
  const topHost = above.length > 0 ? above[above.length - 1].replace(/^.*\/\/|:\d+$/g, "") : "";
  const own = location.hostname;
  const place = topHost === "" || topHost === own ? own : `${own} ${topHost}`;
  if (!table.places.includes(place) || globalThis.mycoConsent) return;
  globalThis.mycoConsent = true;

  const PAUSE = 250; // ms between two looks at a page that changes
  const PATIENCE = 30000; // ms after which a page without a banner is left alone
  const APPEAR = 8000; // ms that the next part of a dialog may take
  const LEAVE = 3000; // ms that a banner may take to go
  const MOST_TRIES = 6; // presses that did not make a banner go, or that were followed by another
  const MOST_LOOKS = 150;
  const MOST_TICKS = 80;

  // Words of refusal, of saving a choice, and of consent, in the languages of most banners.
  const NO =
    /reject|refus|declin|den(y|ied)|disagree|object|without (accept|agree|consent)|(do not|don.t) (accept|agree|allow|consent|sell)|(necessary|essential|required|functional)( cookies)? only|(only|strictly) (the )?(necessary|essential|required)|no,? thank|sans accepter|sans consentir|tout interdire|interdire|non merci|ablehn|verweiger|nicht zustimmen|ohne (zustimmung|einwilligung|akzept)|nur (notwendige|erforderliche|essen|techn)|rechaz|deneg|sin aceptar|rifiut|nega\b|senza accett|weiger|afwijz|niet akkoord|alleen noodzakelijk|recus|rejeit|sem aceitar|avvis|avböj|neka\b|kun nødvendige|endast nödvändiga|odrzu|nie zgadzam|odmít|nesouhlas|elutasít|hylkää|vain välttämättöm|отклон|отказ|только необходим|reddet|拒|必要/i;
  const SAVE =
    /save|confirm|select|choice|preference|enregistr|confirmer|valider|choix|sélection|speicher|auswahl|bestätig|guardar|selecc|elecci|salva|conferm|scelt|selezion|opslaan|bewaar|keuze|selectie|gravar|escolh|spara|gem\b|lagre|valg|zapisz|wybór|ulož|mentés|tallenna|сохран|выбор|kaydet|保存/i;
  const ALL =
    /(accept|allow|agree|consent|enable) (to )?(all|everything|cookies)|tout (accepter|autoriser)|accepter (et|tout)|alle[ns]? (akzeptier|zulassen|erlaub|annehm)|(aceptar|permitir) tod|accetta (tutt|e )|alle[s]? (accepter|toestaan)|aceitar tud|acceptera alla|accepter alle|godta alle|zaakceptuj wszystk|přijmout vše|принять все|全部接受|すべて/i;
  const YES =
    /accept|agree|allow|consent|\bok(ay)?\b|got it|understood|j.accept|autoris|compris|akzeptier|zustimm|einverstand|erlaub|verstanden|acept|permit|entend|accett|consent|akkoord|toestaan|begrepen|aceit|concord|godkänn|tillåt|tillad|godta|akcept|zgadzam|přijm|souhlas|elfogad|hyväksy|принять|соглас|kabul|同意|接受/i;

  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const words = (element) =>
    `${element.innerText || element.value || ""} ${element.getAttribute("aria-label") || ""} ${
      element.title || ""
    }`.replace(/\s+/g, " ").trim();
  const saysNo = (element) => NO.test(words(element));
  const mayPress = (element) => {
    const text = words(element);
    if (NO.test(text)) return true;
    return !ALL.test(text) && (!YES.test(text) || SAVE.test(text));
  };

  // "host >>> inner" looks into the open shadow tree of the host.
  const every = (selector) => {
    const [outer, inner] = selector.split(" >>> ");
    const found = [...document.querySelectorAll(outer)];
    if (inner === undefined) return found;
    return found.flatMap((one) => (one.shadowRoot ? [...one.shadowRoot.querySelectorAll(inner)] : []));
  };
  const isShown = (element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
  // A banner that only our own style sheets hide still waits for its answer.
  const asThePageShows = (look) => (globalThis.mycoCosmetics?.without ?? ((act) => act()))(look);
  const shown = (selectors) =>
    asThePageShows(() => selectors.flatMap((one) => every(one)).filter((one) => isShown(one)));

  const appear = async (selectors) => {
    for (let waited = 0; waited <= APPEAR; waited += 100) {
      if (shown(selectors).length > 0) return true;
      await sleep(100);
    }
    return false;
  };
  const press = (step) => {
    const able = shown(step.click).filter((one) => !one.disabled);
    const chosen = able.find((one) => (step.said ? saysNo(one) : mayPress(one)));
    chosen?.click();
    return chosen !== undefined;
  };
  const untick = (selectors) => {
    for (const one of selectors.flatMap((selector) => every(selector)).slice(0, MOST_TICKS)) {
      one.click();
    }
    return true;
  };
  const carryOut = async (step) => {
    if (step.click) return press(step);
    if (step.untick) return untick(step.untick);
    return appear(step.wait);
  };
  const canBegin = (way) => {
    const first = way.find((step) => step.click);
    const able = shown(first.click);
    return able.some((one) => (first.said ? saysNo(one) : mayPress(one)));
  };
  // The shield says so. Pages cannot read the console; the token is known to us alone.
  const tell = () => console.debug(table.token);
  // Whether anything was pressed. A banner whose buttons are still being made is looked at again.
  const refuse = async (tool) => {
    let anything = false;
    for (const way of tool.ways) {
      if (!canBegin(way)) continue;
      let pressed = false;
      for (const step of way) {
        const done = await carryOut(step);
        pressed ||= done && step.click !== undefined;
        // Of several presses in a row some tools leave one out.
        if (!done && !step.click) break;
      }
      if (!pressed) continue;
      anything = true;
      for (let waited = 0; waited < LEAVE; waited += 100) {
        await sleep(100);
        if (shown(tool.seen).length === 0) {
          tell();
          return true;
        }
      }
    }
    return anything;
  };

  let tries = 0;
  let looks = 0;
  let busy = false;
  let timer = 0;
  const until = performance.now() + PATIENCE;
  const observer = new MutationObserver(() => later());
  const look = async () => {
    timer = 0;
    if (busy) return;
    looks += 1;
    const tool = table.tools.find((one) => shown(one.seen).length > 0);
    if (tool !== undefined) {
      busy = true;
      try {
        if (await refuse(tool)) tries += 1;
      } finally {
        busy = false;
      }
    }
    if (isOver()) observer.disconnect();
    else if (tool !== undefined) later();
  };
  const isOver = () =>
    tries >= MOST_TRIES || looks >= MOST_LOOKS || performance.now() > until;
  const later = () => {
    if (timer === 0 && !busy && !isOver()) timer = setTimeout(look, PAUSE);
  };
  const begin = () => {
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "style"] });
    look();
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin, { once: true });
  } else begin();
})();
