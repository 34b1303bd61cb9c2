// How a page looks and is used: the contrast of its words, what is cut off, where the tab key leads.

/** The smallest contrast of any words against what is behind them; text of disabled controls may be faint. */
export const faintest = (page) =>
  page.evaluate(() => {
    const parts = (colour) => {
      const [, kind, numbers] = colour.match(/^(color\(srgb|rgba?\()(.*)\)$/) ?? [];
      const [r, g, b, a = 1] = numbers
        .replace("/", " ")
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(Number);
      const scale = kind.startsWith("color") ? 1 : 255;
      return { rgb: [r / scale, g / scale, b / scale], a };
    };
    const light = (rgb) =>
      rgb
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
    const over = (top, under) => top.rgb.map((c, place) => c * top.a + under[place] * (1 - top.a));
    const behind = (node) => {
      if (!node) return [1, 1, 1];
      const colour = parts(getComputedStyle(node).backgroundColor);
      return colour.a === 1 ? colour.rgb : over(colour, behind(node.parentElement));
    };
    const opacity = (node) => (node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1);
    const inkOf = (node) => {
      const style = getComputedStyle(node);
      return parts(node instanceof SVGElement ? style.fill : style.color);
    };
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
      const words = [...node.childNodes]
        .filter((child) => child.nodeType === 3)
        .map((child) => child.data.trim())
        .join("");
      if (!words || !node.checkVisibility({ visibilityProperty: true })) continue;
      if (node.closest(":disabled, [aria-disabled=true], .bars, noscript, title")) continue;
      const back = behind(node);
      const front = inkOf(node);
      const ink = over({ ...front, a: front.a * opacity(node) }, back);
      const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
      found.push({ words: words.slice(0, 40), ratio: (high + 0.05) / (low + 0.05) });
    }
    return found.sort((a, b) => a.ratio - b.ratio)[0];
  });

/** What is wider than the screen, or is a control whose words are cut off. */
export const cutOff = (page) =>
  page.evaluate(() => {
    const shown = [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility());
    const name = (node) => [node.tagName, node.id, node.className, node.textContent.slice(0, 30)].join(" ");
    const isWide = (node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".chart");
    const isCut = (node) => node.matches("button, a, label, select") && node.scrollWidth > node.clientWidth + 1;
    return [
      document.documentElement.scrollWidth > innerWidth ? "the page" : "",
      ...shown.filter((node) => isWide(node) || isCut(node)).map(name),
    ].filter(Boolean);
  });

/** The places that the tab key has to reach, in the order of the document. */
const stops = (page) =>
  page.evaluate(() => {
    const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled;
    const one = (node) => node.id || node.textContent.trim() || node.className;
    const all = [...document.querySelectorAll("a[href], button, input, [tabindex='0']")].filter(shown);
    // A group of radio buttons is one stop: the arrow keys go on from there.
    return all
      .filter((node) => node.type !== "radio" || node.checked)
      .map((node) => {
        node.dataset.stop ??= String(Math.random());
        return { stop: node.dataset.stop, what: one(node) };
      });
  });

/** Where the focus is, and whether that can be seen. */
export const focused = (page) =>
  page.evaluate(() => {
    const node = document.activeElement;
    const shown = node.type === "radio" ? node.nextElementSibling : node;
    return {
      stop: node.dataset.stop,
      ring: getComputedStyle(shown).outlineStyle !== "none",
      what: node.id || node.textContent.trim() || node.className,
    };
  });

/**
 * Presses Tab until the focus has been everywhere. Returns the places that it has to reach and those that it reached,
 * both in order and from the same one on: the focus may begin in the middle of the page.
 */
export const tabThrough = async (page) => {
  const all = await stops(page);
  const reached = [];
  // Places that only scroll, and the browser itself, take some more.
  for (let tabs = 0; tabs < all.length + 12; tabs += 1) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (here.stop && !reached.some(({ stop }) => stop === here.stop)) reached.push(here);
  }
  const from = all.findIndex(({ stop }) => stop === reached[0]?.stop);
  const words = (places) => places.map(({ what }) => what);
  return {
    wanted: words([...all.slice(from), ...all.slice(0, from)]),
    reached: words(reached),
    unseen: words(reached.filter(({ ring }) => !ring)),
  };
};
