// Tiles of a picture that can be picked: buttons over them, and a card.

// closeCard closes the card that is open: one is.
let closeCard = null;

// addTiles gives a figure the functions pick, of a tile by its number, and show, of
// anything that has a name. Of all the buttons one is in the order of tabs; arrow
// keys go to the others.
function addTiles(fig) {
  const { data, stage, img } = fig;
  const card = make("div", { className: "card", hidden: true });
  const layer = make("div", { className: "tiles", role: "group", "aria-label": "Images in this figure; arrow keys go from one to the next" });
  const share = (v, of) => `${100 * v / of}%`;
  let picked = -1;

  const buttons = data.tiles.map((t, i) => {
    const b = make("button", { type: "button", className: "tile", tabIndex: i ? -1 : 0, "aria-label": t.name, "aria-pressed": "false", title: t.name });
    Object.assign(b.style, { left: share(t.x, data.w), top: share(t.y, data.h), width: share(t.w, data.w), height: share(t.h, data.h) });
    b.addEventListener("click", () => pick(i));
    return b;
  });

  function enter(i) {
    for (const b of buttons) if (b.tabIndex === 0) b.tabIndex = -1;
    buttons[i].tabIndex = 0;
  }

  // pick picks a tile, by its button or by its picture in a table.
  function pick(i, from = buttons[i]) {
    closeCard?.();
    picked = i;
    enter(i);
    buttons[i].setAttribute("aria-pressed", "true");
    for (const f of fig.onPick) f(i);
    fill(data.tiles[i], from);
  }

  // show shows what is at an element.
  function show(t, from, at = from) {
    closeCard?.();
    fill(t, from, at);
  }

  // fill fills the card and puts it below the picture or table that it is of, where it
  // stays in view. What was picked is scrolled to where the card does not hide it. When
  // the card closes, the element that it came from is active.
  function fill(t, from, at = from) {
    const shown = picture(img, t);
    // A whole factor, so that the blocks are of equal size.
    shown.style.width = `${shown.width * Math.max(1, Math.floor(256 / Math.max(shown.width, shown.height)))}px`;
    const close = make("button", { type: "button", className: "close" }, "Close");
    close.addEventListener("click", () => { from.focus(); drop(); });
    const text = make("div", { role: "status" }, make("h3", {}, t.name));
    if (t.text) text.append(make("p", {}, t.text));
    if (shown.hidden) text.append(make("p", {}, "Its picture is not here."));
    if (t.command) text.append(make("code", { className: "command" }, t.command), copyButton(() => t.command));
    text.append(make("span", { className: "row" }, close));
    card.replaceChildren(shown, text);
    (from.closest(".scroll") ?? stage).after(card);
    card.hidden = false;
    closeCard = drop;
    document.documentElement.style.scrollPaddingBottom = `${card.offsetHeight + 20}px`;
    at.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  card.addEventListener("keydown", (e) => { if (e.key === "Escape") card.querySelector(".close").click(); });

  function drop() {
    if (closeCard === drop) {
      closeCard = null;
      document.documentElement.style.scrollPaddingBottom = "";
    }
    if (picked >= 0) buttons[picked].setAttribute("aria-pressed", "false");
    picked = -1;
    card.hidden = true;
  }

  // beside finds the tile that lies next to another: the nearest of those whose
  // middle lies that way, where straight is nearer than askew.
  function beside(i, dx, dy) {
    const middle = (t) => ({ x: t.x + t.w / 2, y: t.y + t.h / 2 });
    const at = middle(data.tiles[i]);
    let best = i, least = Infinity;
    data.tiles.forEach((t, k) => {
      const m = middle(t), along = (m.x - at.x) * dx + (m.y - at.y) * dy, across = Math.abs((m.x - at.x) * dy) + Math.abs((m.y - at.y) * dx);
      if (along > 0.5 && along + 4 * across < least && across <= 2 * along) { best = k; least = along + 4 * across; }
    });
    return best;
  }
  layer.addEventListener("keydown", (e) => {
    const i = buttons.indexOf(document.activeElement), last = buttons.length - 1;
    if (i < 0 || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") { drop(); return; }
    const next = { ArrowRight: () => beside(i, 1, 0), ArrowLeft: () => beside(i, -1, 0), ArrowDown: () => beside(i, 0, 1), ArrowUp: () => beside(i, 0, -1), Home: () => 0, End: () => last }[e.key];
    if (!next) return;
    e.preventDefault();
    const k = next();
    enter(k);
    buttons[k].focus();
    if (picked >= 0) pick(k);
  });

  layer.append(...buttons);
  stage.append(layer);
  stage.after(card);
  Object.assign(fig, { buttons, pick, show });
}
