// The slider between samples as drawn and with something changed: the first row
// of tiles, and over it one of the others.

function addWipe(fig) {
  const { data, tools, img } = fig;
  const rows = data.wipe.length, columns = data.tiles.length / (rows + 1);
  const range = make("input", { type: "range", min: 0, max: 100, step: 1, value: 50, "aria-label": "How much of each image is shown as drawn, from the left" });
  const choice = make("select", { "aria-label": "What is changed" }, ...data.wipe.map((name, i) => make("option", { value: i }, name)));
  const pairs = [];
  for (let i = 0; i < columns; i++) {
    const after = picture(img, data.tiles[i + columns]), before = picture(img, data.tiles[i]), edge = make("span");
    pairs.push({ after, before, edge });
  }

  function slide() {
    const share = Number(range.value);
    range.setAttribute("aria-valuetext", `${share}% as drawn`);
    for (const p of pairs) {
      p.before.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
      p.edge.style.left = `${share}%`;
      p.edge.hidden = share === 0 || share === 100;
    }
  }
  function choose() {
    const row = 1 + Number(choice.value);
    pairs.forEach((p, i) => {
      const t = data.tiles[row * columns + i];
      draw(p.after, img, t);
      p.after.setAttribute("aria-label", t.name);
    });
  }
  range.addEventListener("input", slide);
  choice.addEventListener("change", choose);
  tools.append(make("div", { className: "wipe" },
    make("div", { className: "pairs" }, ...pairs.map((p) => make("div", { className: "pair" }, p.after, p.before, p.edge))),
    make("div", { className: "row" }, make("span", { className: "state" }, "as drawn ←"), range, make("span", { className: "state" }, "→"), choice)));
  slide();
}
