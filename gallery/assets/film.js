// The film of the samples: one sheet at a time, as fast as the hand moves. Where it
// stands is remembered while the page loads itself again; at its end it stays there.

let filmPlays = false;

function startFilm() {
  const row = document.getElementById("film"), img = document.getElementById("frame");
  if (!row) return;
  const frames = JSON.parse(document.getElementById("frames").textContent);
  const last = frames.length - 1, key = `dcganviz-film ${location.pathname}`;
  if (last < 1) return;
  const range = make("input", { type: "range", min: 0, max: last, step: 1, value: last, "aria-label": "Step of the samples" });
  const play = make("button", { type: "button", "aria-pressed": "false" }, "Play"), said = row.querySelector("output");
  let timer = 0;

  function show(i) {
    img.src = frames[i].src;
    img.alt = said.textContent = frames[i].name;
    range.value = i;
    range.setAttribute("aria-valuetext", frames[i].name);
    stored(() => i === last ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, i));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    filmPlays = false;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    filmPlays = true;
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    const all = frames.map((f) => { const i = new Image(); i.src = f.src; return i; });
    if (Number(range.value) === last) show(0);
    timer = setInterval(() => {
      const next = Number(range.value) + 1;
      if (!all[next].complete) return;
      show(next);
      if (next === last) stop();
    }, 200);
  });
  range.addEventListener("input", () => { stop(); show(Number(range.value)); });
  row.prepend(play, range);
  const at = Number(stored(() => sessionStorage.getItem(key)) ?? last);
  if (at >= 0 && at < last) show(at);
}
