// Points of a map: the nearest to the pointer shows its picture, and a click on
// it keeps it in the card.

// addThumbs gives points and tiles of a map their names, texts and commands, and
// their pictures if there is a file with them. It runs before there are tiles.
function addThumbs(fig) {
  const { data, img } = fig, sheet = data.thumbs && make("img");
  data.points.forEach((p, i) => {
    p.command = !p.name && data.draw ? data.draw.join(i) : "";
    p.name ??= `Sample ${i}`;
    const t = data.thumbs;
    if (t) p.from = { img: sheet, x: i % t.columns * t.side, y: Math.floor(i / t.columns) * t.side, w: t.side, h: t.side };
  });
  for (const t of data.tiles) {
    const p = data.points[t.point];
    Object.assign(t, { name: p.name, text: p.text, command: p.command, from: p.from });
    // Without the file a picture is what is seen of it on the map.
    p.on = { x: t.x, y: t.y, w: t.w, h: t.h };
  }
  return sheet && new Promise((done) => {
    const drop = () => { for (const e of [...data.points, ...data.tiles]) delete e.from; };
    sheet.onload = () => { if (sheet.naturalWidth !== data.thumbs.w || sheet.naturalHeight !== data.thumbs.h) drop(); done(); };
    sheet.onerror = () => { drop(); done(); };
    sheet.src = data.thumbs.src;
  });
}

function addPoints(fig) {
  const { data, stage, tools, img } = fig;
  const mark = make("div", { className: "mark", hidden: true });
  const entry = make("input", { type: "number", min: 0, max: data.points.length - 1, value: 0 });
  const near = make("canvas"), label = make("span"), tip = make("div", { className: "tip", hidden: true, "aria-hidden": "true" }, near, label);
  const reach = 24; // pixels of the screen

  // nearest is the point that is meant by a place on the screen, or -1.
  function nearest(e) {
    const box = img.getBoundingClientRect(), scale = box.width / data.w;
    const x = (e.clientX - box.left) / scale, y = (e.clientY - box.top) / scale;
    let best = -1, least = reach / scale;
    data.points.forEach((p, i) => {
      const d = Math.hypot(p.x - x, p.y - y);
      if (d < least) { best = i; least = d; }
    });
    return best;
  }
  function point(i) {
    const p = data.points[i];
    mark.style.left = `${100 * p.x / data.w}%`;
    mark.style.top = `${100 * p.y / data.h}%`;
    mark.hidden = false;
    entry.value = i;
  }
  // keep shows a point in the card: that of its tile, if it has one.
  // What is scrolled to is what it was chosen by: the map or the number.
  function keep(i, by) {
    const tile = data.tiles.findIndex((t) => t.point === i);
    point(i);
    if (tile >= 0 && by === mark) { fig.pick(tile); return; }
    if (tile >= 0) { fig.pick(tile, entry); return; }
    fig.show(data.points[i], entry, by);
  }
  stage.addEventListener("pointermove", (e) => {
    const i = e.target === img ? nearest(e) : -1;
    tip.hidden = i < 0;
    if (i < 0) return;
    const p = data.points[i], scale = img.getBoundingClientRect().width / data.w;
    near.hidden = !draw(near, img, p);
    near.style.width = "128px";
    label.textContent = near.hidden ? `${p.name}, whose picture is not here` : p.name;
    // Beside the point, on the side where there is room.
    tip.style.left = `${p.x * scale + 16}px`;
    tip.style.top = `${p.y * scale + 16}px`;
    tip.style.translate = `${p.x > data.w / 2 ? "calc(-100% - 32px)" : "0"} ${p.y > data.h / 2 ? "calc(-100% - 32px)" : "0"}`;
  });
  stage.addEventListener("pointerleave", () => { tip.hidden = true; });
  // Before the picture hears of it, which would be enlarged.
  stage.addEventListener("click", (e) => {
    const i = e.target === img ? nearest(e) : -1;
    if (i < 0) return;
    e.stopPropagation();
    keep(i, mark);
  }, { capture: true });
  entry.addEventListener("input", () => {
    const i = Number(entry.value);
    if (entry.value !== "" && data.points[i]) keep(i, entry);
  });
  fig.onPick.push((tile) => point(data.tiles[tile].point));
  stage.append(mark, tip);
  tools.append(make("label", { className: "row" }, "Point number ", entry, ` of 0 to ${data.points.length - 1}`));
}
