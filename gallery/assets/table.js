// Tables: tiles in their cells, and columns to sort by.

function addTable(fig, table) {
  const { data, img } = fig;
  for (const cell of all("[data-tiles]", table)) {
    for (const i of cell.dataset.tiles.split(" ").map(Number)) {
      const c = picture(img, data.tiles[i]);
      const b = make("button", { type: "button", className: "pick", title: data.tiles[i].name, tabIndex: -1 }, c);
      b.addEventListener("click", () => fig.pick(i, b));
      cell.append(b);
    }
  }
  addArrows(table);
  const heads = all("thead th", table), body = table.tBodies[0];
  heads.forEach((head, column) => {
    if (!body.querySelector(`tr > :nth-child(${column + 1})[data-sort]`)) return;
    const hint = head.querySelector("small");
    hint?.remove();
    const button = make("button", { type: "button" }, head.textContent);
    head.replaceChildren(button, ...(hint ? [hint] : []));
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(body, column, down);
    });
  });
}

// addArrows puts the first of a table's images in the order of tabs; arrow keys go to the
// others, in the order that the rows have now.
function addArrows(table) {
  const images = () => all(".pick", table);
  const enter = (b) => {
    for (const other of images()) other.tabIndex = -1;
    b.tabIndex = 0;
  };
  const first = images()[0];
  if (!first) return;
  enter(first);
  table.addEventListener("click", (e) => { const b = e.target.closest(".pick"); if (b) enter(b); });
  table.addEventListener("keydown", (e) => {
    const b = e.target.closest(".pick");
    if (!b || e.ctrlKey || e.metaKey || e.altKey) return;
    const list = images(), i = list.indexOf(b), row = b.closest("tr");
    const inRow = (r, k) => { const of = r && all(".pick", r); return of?.[Math.min(k, of.length - 1)]; };
    // Rows without an image are passed over.
    const go = (way) => { let r = row; do r = r[way]; while (r && !r.querySelector(".pick")); return inRow(r, all(".pick", row).indexOf(b)); };
    const next = { ArrowRight: () => list[i + 1], ArrowLeft: () => list[i - 1], ArrowDown: () => go("nextElementSibling"), ArrowUp: () => go("previousElementSibling"), Home: () => list[0], End: () => list.at(-1) }[e.key];
    if (!next) return;
    e.preventDefault();
    const to = next();
    if (!to) return;
    enter(to);
    to.focus();
  });
}

// sort orders rows by a column, by numbers where both are; empty ones are last.
function sort(body, column, down) {
  const key = (row) => row.cells[column].dataset.sort;
  const compare = (a, b) => {
    const x = Number(a), y = Number(b);
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
  };
  const rows = Array.from(body.rows);
  rows.sort((r, s) => {
    const a = key(r), b = key(s);
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    return (down ? -1 : 1) * compare(a, b);
  });
  body.append(...rows);
}
