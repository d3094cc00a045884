// Points of a map: the nearest to the pointer shows its picture.

function addPoints(fig) {
  const { data, stage, tools, img } = fig;
  const canvas = make("canvas", { role: "img" }), name = make("h3"), text = make("p", {});
  const mark = make("div", { className: "mark", hidden: true }), other = make("div", { className: "mark", hidden: true });
  const entry = make("input", { type: "number", min: 1, max: data.points.length, value: 1 });
  const near = make("canvas"), label = make("span"), tip = make("div", { className: "tip", hidden: true, "aria-hidden": "true" }, near, label);
  const reach = 24; // pixels of the screen

  function show(i) {
    const p = data.points[i], t = data.tiles[p.tile];
    for (const c of [canvas, near]) {
      crop(c, img, t);
      c.style.width = `${t.w * Math.max(1, Math.floor(128 / t.w))}px`;
    }
    canvas.setAttribute("aria-label", t.name);
    name.textContent = p.name;
    text.textContent = p.text + (p.own ? "" : ` Its picture is not on the map: this is ${t.name}, the nearest that is.`);
    put(mark, p.x, p.y);
    put(other, t.x + t.w / 2, t.y + t.h / 2);
    entry.value = i + 1;
  }
  function put(at, x, y) {
    at.style.left = `${100 * x / data.w}%`;
    at.style.top = `${100 * y / data.h}%`;
    at.hidden = false;
  }
  stage.addEventListener("pointermove", (e) => {
    const box = img.getBoundingClientRect(), scale = box.width / data.w;
    const x = (e.clientX - box.left) / scale, y = (e.clientY - box.top) / scale;
    let best = -1, least = reach / scale;
    data.points.forEach((p, i) => {
      const d = Math.hypot(p.x - x, p.y - y);
      if (d < least) { best = i; least = d; }
    });
    tip.hidden = best < 0;
    if (best < 0) return;
    show(best);
    // Beside the point, on the side where there is room.
    const p = data.points[best];
    label.textContent = p.own ? p.name : `${p.name}, as ${data.tiles[p.tile].name}`;
    tip.style.left = `${p.x * scale + 16}px`;
    tip.style.top = `${p.y * scale + 16}px`;
    tip.style.translate = `${p.x > data.w / 2 ? "calc(-100% - 32px)" : "0"} ${p.y > data.h / 2 ? "calc(-100% - 32px)" : "0"}`;
  });
  stage.addEventListener("pointerleave", () => { tip.hidden = true; });
  entry.addEventListener("input", () => {
    const i = Number(entry.value) - 1;
    if (Number.isInteger(i) && i >= 0 && i < data.points.length) show(i);
  });
  // Who picks a picture sees its point.
  fig.onPick.push((tile) => {
    const i = data.points.findIndex((p) => p.own && p.tile === tile);
    if (i >= 0) show(i);
  });
  stage.append(mark, other, tip);
  tools.append(make("div", { className: "card points" }, canvas, make("div", {}, name, text, make("label", { className: "row" }, "Point ", entry, ` of ${data.points.length}`))));
  show(0);
  mark.hidden = other.hidden = true;
}
