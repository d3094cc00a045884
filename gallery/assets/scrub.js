// The scrubber of a walk: one image at a time, as fast as the hand moves.

function addScrub(fig) {
  const { data, tools, img } = fig;
  const n = data.scrub, canvas = make("canvas", { role: "img" });
  const range = make("input", { type: "range", min: 0, max: n - 1, step: 1, value: 0, "aria-label": "Where on the walk" });
  const said = make("output"), play = make("button", { type: "button", "aria-pressed": "false" }, "Play");
  let timer = 0;

  function show(i) {
    const t = data.tiles[i];
    draw(canvas, img, t);
    canvas.style.setProperty("--tile", `${canvas.width}px`);
    canvas.setAttribute("aria-label", t.name);
    range.setAttribute("aria-valuetext", t.name);
    // The rest of the text is about the command, which the card shows.
    said.textContent = `${t.name}. ${t.text?.match(/^.*?\.(?= |$)/)?.[0] ?? ""}`;
    fig.buttons.forEach((b, k) => b.classList.toggle("now", k === i));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      range.value = (Number(range.value) + 1) % n;
      show(Number(range.value));
    }, 1000 / (data.rate || 10));
  });
  range.addEventListener("input", () => { stop(); show(Number(range.value)); });
  fig.onPick.push((i) => { stop(); range.value = i; show(i); });
  tools.append(make("div", { className: "scrub" }, canvas, make("div", { className: "row" }, play, range), said));
  show(0);
}
