// Puts the controls on the page, figure by figure as their pictures arrive.

startTheme();
const zoom = startZoom();

// dataOf is what the page says of a section, or of a part of it.
const dataOf = (part) => JSON.parse(part.querySelector(":scope > script").textContent);

// addEvidence is called for a further picture: its paper is dark on a dark page, and it
// can be enlarged.
function addEvidence(part) {
  const stage = part.querySelector(".stage"), img = stage.querySelector("img"), data = { tiles: [], ...dataOf(part) };
  let kept;
  const enlarge = make("button", { type: "button" }, "Enlarge");
  const open = () => zoom(img, kept);
  enlarge.addEventListener("click", open);
  img.addEventListener("click", open);
  stage.after(make("div", { className: "row tools" }, enlarge));
  const start = () => {
    if (data.paper && img.naturalWidth === data.w && img.naturalHeight === data.h) kept = addPaper({ data, stage, img });
  };
  if (img.complete && img.naturalWidth) start();
  else img.addEventListener("load", start, { once: true });
}

function startFigure(section) {
  const img = section.querySelector("figure > .stage > img");
  const fig = {
    section, img, stage: section.querySelector("figure > .stage"), tools: section.querySelector(".tools"),
    data: dataOf(section), onPick: [], buttons: [],
  };
  for (const e of all(".evidence", section)) addEvidence(e);
  for (const c of all("code.copy", section)) c.after(copyButton(() => c.textContent));
  if (!img) { section.dataset.ready = ""; return; } // an animation without a sheet
  const enlarge = make("button", { type: "button", className: "enlarge" }, "Enlarge");
  const open = () => zoom(img, fig.kept);
  enlarge.addEventListener("click", open);
  img.addEventListener("click", open);
  fig.tools.append(make("div", { className: "row" }, enlarge));
  const start = async () => {
    // Places are of the picture that the numbers are of; another may have come.
    const placed = (fig.data.tiles?.length || fig.data.points) && img.naturalWidth === fig.data.w && img.naturalHeight === fig.data.h;
    fig.data.tiles = placed && fig.data.tiles || [];
    if (placed && fig.data.points) await addThumbs(fig);
    if (placed && fig.data.paper) fig.kept = addPaper(fig);
    if (placed) addTiles(fig);
    if (placed && fig.data.scrub > 1) addScrub(fig);
    if (placed && fig.data.wipe) addWipe(fig);
    if (placed && fig.data.points) addPoints(fig);
    const table = section.querySelector(":scope > .scroll > table");
    if (table) {
      if (!placed) for (const cell of all("[data-tiles]", table)) delete cell.dataset.tiles;
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

startKeys(sections, zoom);
