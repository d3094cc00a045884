// The dialog that shows a figure enlarged, each pixel as a block.

function startZoom() {
  const dialog = document.getElementById("zoom"), view = dialog.querySelector(".view"), img = view.querySelector("img"), sheet = img.parentElement, said = dialog.querySelector("output");
  let scale = 1;
  const most = 16;

  // size keeps the middle of what is seen in the middle.
  function size(next) {
    const before = scale;
    scale = Math.min(Math.max(next, 1 / 16), most);
    const x = view.scrollLeft + view.clientWidth / 2, y = view.scrollTop + view.clientHeight / 2;
    sheet.style.width = `${img.naturalWidth * scale}px`;
    view.scrollLeft = x * scale / before - view.clientWidth / 2;
    view.scrollTop = y * scale / before - view.clientHeight / 2;
    said.textContent = `${Math.round(100 * scale)}%`;
  }
  // Steps are of whole factors, so that blocks are of equal size.
  const larger = () => size(scale < 1 ? Math.min(1, 2 * scale) : Math.floor(scale) + 1);
  const smaller = () => size(scale <= 1 ? scale / 2 : Math.ceil(scale) - 1);
  const fit = () => size(Math.min(view.clientWidth / img.naturalWidth, view.clientHeight / img.naturalHeight));
  const acts = { in: larger, out: smaller, fit, close: () => dialog.close() };
  for (const b of all("[data-zoom]", dialog)) b.addEventListener("click", acts[b.dataset.zoom]);
  dialog.addEventListener("keydown", (e) => {
    const act = { "+": larger, "=": larger, "-": smaller, "0": fit }[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  });

  let from = null;
  view.addEventListener("pointerdown", (e) => {
    if (e.pointerType !== "mouse") return; // fingers scroll by themselves
    from = { x: e.clientX + view.scrollLeft, y: e.clientY + view.scrollTop };
    view.setPointerCapture(e.pointerId);
  });
  view.addEventListener("pointermove", (e) => {
    if (from) view.scrollTo(from.x - e.clientX, from.y - e.clientY);
  });
  view.addEventListener("pointerup", () => { from = null; });
  img.addEventListener("dragstart", (e) => e.preventDefault());

  // The picture is as large as on the page or larger: twice, where it is small.
  // kept is what its paper leaves out.
  return (of, kept) => {
    img.src = of.src;
    img.alt = of.alt;
    sheet.querySelector(".kept")?.remove();
    sheet.classList.toggle("paper", !!kept);
    if (kept) {
      const copy = make("canvas", { className: "kept", width: kept.width, height: kept.height, ariaHidden: "true" });
      copy.getContext("2d").drawImage(kept, 0, 0);
      sheet.append(copy);
    }
    dialog.showModal();
    scale = 1;
    view.scrollTo(0, 0);
    size(of.naturalWidth <= 700 ? 2 : 1);
    view.focus();
  };
}
