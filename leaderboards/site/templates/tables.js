"use strict";
// Tables that sort by any column, and a board that is filtered; without this script they are plain, sorted tables.
(() => {
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);

  // Browsers that do not know ::details-content print only what is open: open everything for them, and close it again.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  const keyOf = (cell) => cell.dataset.v ?? cell.textContent.trim();
  // What is missing stands last in either direction; numbers compare as numbers; equal rows keep the first order.
  const compare = (a, b, sign) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const x = Number(a), y = Number(b);
    return sign * (Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y);
  };

  function sort(table, head, direction) {
    const heads = [...head.parentNode.children], column = heads.indexOf(head);
    const body = table.tBodies[0], sign = direction === "ascending" ? 1 : -1;
    const rows = [...body.rows].map((row) => [keyOf(row.cells[column]), Number(row.dataset.place), row]);
    rows.sort((a, b) => compare(a[0], b[0], sign) || a[1] - b[1]);
    body.append(...rows.map((one) => one[2]));
    heads.forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", direction);
  }

  function sortable(table, changed) {
    [...table.tBodies[0].rows].forEach((row, place) => { row.dataset.place = place; });
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      if (head.dataset.note) {
        const note = document.createElement("small");
        note.textContent = head.dataset.note;
        head.append(note);
      }
      button.addEventListener("click", () => {
        const first = head.dataset.first, other = first === "ascending" ? "descending" : "ascending";
        const direction = head.getAttribute("aria-sort") === first ? other : first;
        sort(table, head, direction);
        said.textContent = `Sorted by ${button.textContent.trim()}, ${direction}.`;
        changed();
      });
    }
  }

  for (const table of document.querySelectorAll("table[data-sortable]:not(#table)")) sortable(table, () => {});
  const form = document.querySelector("form[data-filters]");
  if (!form) return;

  // The board's state lives in the address, so that a view can be sent to somebody: #sort=gap:ascending&q=hedge
  const table = document.getElementById("table"), output = form.querySelector("output");
  const heads = [...table.tHead.rows[0].cells], start = heads.find((head) => head.hasAttribute("aria-sort"));
  const boxes = [...form.elements.status];

  function filter() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const fits = status.has(row.dataset.status)
        && (form.elements.oracles.checked || !("oracle" in row.dataset))
        && (!form.elements.registered.checked || "registered" in row.dataset)
        && words.every((word) => row.dataset.words.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    output.textContent = `${shown} of ${table.tBodies[0].rows.length} shown`;
  }

  function write() {
    const state = new URLSearchParams(), sorted = heads.find((head) => head.hasAttribute("aria-sort"));
    const direction = sorted.getAttribute("aria-sort");
    if (sorted !== start || direction !== start.dataset.first) state.set("sort", `${sorted.dataset.key}:${direction}`);
    if (form.elements.q.value) state.set("q", form.elements.q.value);
    if (boxes.some((box) => !box.checked)) {
      state.set("status", boxes.filter((box) => box.checked).map((box) => box.value).join(" "));
    }
    if (!form.elements.oracles.checked) state.set("oracles", "0");
    if (form.elements.registered.checked) state.set("registered", "1");
    const text = state.toString();
    if (text || location.hash.includes("=")) history.replaceState(null, "", text ? `#${text}` : "#board");
  }

  function read() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return;  // the name of a section
    const state = new URLSearchParams(hash), status = state.get("status");
    form.elements.q.value = state.get("q") ?? "";
    for (const box of boxes) box.checked = status === null || status.split(" ").includes(box.value);
    form.elements.oracles.checked = state.get("oracles") !== "0";
    form.elements.registered.checked = state.get("registered") === "1";
    const [key, direction] = (state.get("sort") ?? "").split(/:(?=[a-z]+$)/);
    const head = heads.find((one) => one.dataset.key === key);
    if (head && (direction === "ascending" || direction === "descending")) sort(table, head, direction);
    else sort(table, start, start.dataset.first);
    filter();
  }

  sortable(table, write);
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { filter(); write(); });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    history.replaceState(null, "", "#board");
    form.elements.q.value = "";
    for (const box of [...boxes, form.elements.oracles]) box.checked = true;
    form.elements.registered.checked = false;
    sort(table, start, start.dataset.first);
    filter();
  });
  window.addEventListener("hashchange", read);
  filter();
  read();
})();
