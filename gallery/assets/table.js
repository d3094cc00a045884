// Tables: tiles in their cells, and columns to sort by.

function addTable(fig, table) {
  const { data, img } = fig;
  for (const cell of all("[data-tiles]", table)) {
    for (const i of cell.dataset.tiles.split(" ").map(Number)) {
      const c = picture(img, data.tiles[i]);
      c.tabIndex = -1; // to come back to
      c.addEventListener("click", () => fig.pick(i, c));
      cell.append(c);
    }
  }
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
