// SPDX-License-Identifier: Apache-2.0
(() => {
  "use strict";
  // Tables sort at a click on a head; total rows stay last.
  for (const table of document.querySelectorAll("table.data")) {
    const body = table.tBodies[0];
    if (body.rows.length < 3) continue;
    table.querySelectorAll("thead th").forEach((head, column) => {
      // not a <button>: Chromium does not repeat a head that holds one on the next printed page
      const button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => {
          const cell = row.cells[column];
          const number = cell.dataset.value;
          return number === undefined ? cell.textContent.trim() : Number(number);
        };
        const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
        const totals = [...body.rows].filter((row) => row.classList.contains("total"));
        rows.sort((a, b) => {
          const [x, y] = [key(a), key(b)];
          const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
          return down ? -order : order;
        });
        body.append(...rows, ...totals);
      });
    });
  }
  // Figures tell the value under the pointer or finger at once.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const show = (spot) => {
    const title = spot.querySelector("title");
    if (title) { spot.dataset.text = title.textContent; title.remove(); }
    tip.textContent = spot.dataset.text;
    tip.hidden = false;
    const box = spot.getBoundingClientRect();
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX}px`;
    const above = box.top - tip.offsetHeight - 8;
    tip.style.top = `${(above > 0 ? above : box.bottom + 8) + scrollY}px`;
  };
  for (const chart of document.querySelectorAll("svg.chart")) {
    chart.addEventListener("pointerover", (event) => {
      if (event.target.classList && event.target.classList.contains("hit")) show(event.target);
      else tip.hidden = true;
    });
    chart.addEventListener("pointerleave", () => { tip.hidden = true; });
  }
  // A link into a folded part opens it; print shows all of the ledger.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => document.querySelectorAll("details.group").forEach((part) => { part.open = true; }));
})();
