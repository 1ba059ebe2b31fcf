"""What a browser finds wrong with a page: contrast, names, headings, tables, width; each gives a list of complaints."""

CONTRAST = """() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const rgba = (text) => {
    const found = numbers(text);
    const whole = text.startsWith("color(srgb") ? found.map((one, k) => (k < 3 ? one * 255 : one)) : found;
    return [...whole.slice(0, 3), whole.length > 3 ? whole[3] : 1];
  };
  const over = (top, below) => top.slice(0, 3).map((one, k) => one * top[3] + below[k] * (1 - top[3]));
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((one) => one / 255)
      .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return layers.reverse().reduce((below, top) => over(top, below), dark ? [18, 18, 18] : [255, 255, 255]);
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || node.closest("script, style, .unseen, .skip, [hidden]")) continue;
    if (!node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const color = rgba(node.closest("svg") ? style.fill : style.color);
    for (let one = node; one; one = one.parentElement) color[3] *= Number(getComputedStyle(one).opacity);
    const back = ground(node), front = over(color, back);
    const [x, y] = [light(front), light(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (x + 0.05) / (y + 0.05);
    if (ratio < (large ? 3 : 4.5)) bad.push(`${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
  }
  return bad;
}"""

STRUCTURE = """() => {
  const bad = [];
  const all = (what) => [...document.querySelectorAll(what)];
  const ids = all("[id]").map((one) => one.id);
  ids.forEach((id, k) => { if (ids.indexOf(id) !== k) bad.push(`the id ${id} stands twice`); });
  if (!document.documentElement.lang || !document.title.trim()) bad.push("no language or no title");
  for (const one of ["main", "header", "footer", "nav"]) if (!document.querySelector(one)) bad.push(`no <${one}>`);
  if (all("h1").length !== 1) bad.push(`${all("h1").length} first headings`);
  let level = 0;
  for (const one of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(one.tagName[1]);
    if (own > level + 1) bad.push(`${one.tagName} "${one.textContent}" after a heading of level ${level}`);
    if (!one.textContent.trim()) bad.push("an empty heading");
    level = own;
  }
  const named = (one) => one.getAttribute("aria-label") || one.textContent.trim() || one.title;
  const things = "a, button, summary, [role=group], [role=img], section, article, nav, figure svg:not([aria-hidden])";
  for (const one of all(things)) {
    if (!named(one)) bad.push(`no name: ${one.outerHTML.slice(0, 90)}`);
  }
  for (const one of all("input, select, textarea")) if (!one.labels.length) bad.push(`no label: ${one.outerHTML}`);
  for (const one of all("[aria-labelledby]")) {
    if (!document.getElementById(one.getAttribute("aria-labelledby"))) bad.push(`named by nothing: ${one.tagName}`);
  }
  for (const table of all("table")) {
    const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
    if (heads.some((one) => one.tagName !== "TH" || one.scope !== "col")) bad.push("a column without a header");
    if (table.tHead && !table.caption && !table.closest("[aria-label]")) bad.push("a table without a name");
    for (const row of table.tBodies[0].rows) {
      for (const one of row.querySelectorAll("th")) if (one.scope !== "row") bad.push("a row's header without scope");
      const width = table.tHead ? table.tHead.rows[0].cells.length : row.cells.length;
      if (row.cells.length !== width) bad.push(`a row of ${row.cells.length} cells under ${width} headers`);
    }
  }
  for (const one of all(".scroll")) {
    if (one.scrollWidth > one.clientWidth && one.tabIndex !== 0) bad.push("a box that only a mouse can scroll");
  }
  return bad;
}"""

SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("main *")]
    .filter((one) => !one.closest(".scroll") && one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} pixels wide`)
  : []"""
