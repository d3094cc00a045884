// The paper around a picture's images, which the dark page darkens.

// addPaper lays the images over the picture, so that what the style does to it leaves
// them as they are.
function addPaper(fig) {
  const { data, stage, img } = fig;
  const kept = make("canvas", { className: "kept", width: data.w, height: data.h, ariaHidden: "true" });
  const context = kept.getContext("2d");
  const keep = (x, y, w, h) => context.drawImage(img, x, y, w, h, x, y, w, h);
  for (const t of data.tiles) keep(t.x, t.y, t.w, t.h);
  for (const g of data.keep ?? []) {
    for (let i = 0; i < g.count; i++) {
      const [x, y] = g.at ? g.at[i] : [i % g.columns * g.dx, Math.floor(i / g.columns) * g.dy];
      keep((g.x0 ?? 0) + x, (g.y0 ?? 0) + y, g.w, g.h);
    }
  }
  stage.classList.add("paper");
  stage.append(kept);
  return kept;
}
