// Puts the controls on the page, figure by figure as their pictures arrive.

startTheme();
const zoom = startZoom();

function startFigure(section) {
  const img = section.querySelector(".stage > img");
  const fig = {
    section, img, stage: section.querySelector(".stage"), tools: section.querySelector(".tools"),
    data: JSON.parse(section.querySelector("script").textContent), onPick: [], buttons: [],
  };
  const enlarge = make("button", { type: "button", className: "enlarge" }, "Enlarge");
  enlarge.addEventListener("click", () => zoom(img));
  img.addEventListener("click", () => zoom(img));
  for (const e of all(".evidence", section)) e.addEventListener("click", () => zoom(e));
  for (const c of all("code.copy", section)) c.after(copyButton(() => c.textContent));
  fig.tools.append(make("div", { className: "row" }, enlarge));
  const start = async () => {
    // Places are of the picture that the numbers are of; another may have come.
    const placed = (fig.data.tiles?.length || fig.data.points) && img.naturalWidth === fig.data.w && img.naturalHeight === fig.data.h;
    fig.data.tiles = placed && fig.data.tiles || [];
    if (placed && fig.data.points) await addThumbs(fig);
    if (placed) addTiles(fig);
    if (placed && fig.data.scrub > 1) addScrub(fig);
    if (placed && fig.data.wipe) addWipe(fig);
    if (placed && fig.data.points) addPoints(fig);
    const table = section.querySelector("table");
    if (table) {
      if (!placed) for (const cell of all("td[data-tiles]", table)) delete cell.dataset.tiles;
      addTable(fig, table);
    }
    section.dataset.ready = "";
  };
  if (img.complete && img.naturalWidth) start();
  else {
    img.addEventListener("load", start, { once: true });
    img.addEventListener("error", start, { once: true });
  }
}
const sections = all("section.figure");
sections.forEach(startFigure);

// Keys that go from figure to figure; not while something is typed or open.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") || e.target.closest?.("input, select, textarea")) return;
  const from = sections.findIndex((s) => s.getBoundingClientRect().bottom > 40);
  const here = sections.findIndex((s) => s.contains(document.activeElement));
  const at = here >= 0 ? here : from;
  const go = (i) => {
    const s = sections[Math.min(Math.max(i, 0), sections.length - 1)];
    s.scrollIntoView();
    s.focus({ preventScroll: true });
  };
  switch (e.key) {
    case "j": go(here < 0 && from >= 0 && sections[from].getBoundingClientRect().top > 0 ? from : at + 1); break;
    case "k": go(at - 1); break;
    case "z": if (at >= 0) zoom(sections[at].querySelector(".stage > img")); break;
  }
});
