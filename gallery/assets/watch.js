// Loads the page again while its run goes on: not while its film plays, nor while nobody
// looks.

startTheme();
startFilm();
for (const c of all("code.copy")) c.after(copyButton(() => c.textContent));

function startReload() {
  const { reload, stale, written } = document.body.dataset;
  if (!Number(reload)) return;
  setInterval(() => {
    const old = Number(written) && Date.now() / 1000 - Number(written) > Number(stale);
    document.getElementById("stale").hidden = !old;
    if (!old && !filmPlays && !document.hidden) location.reload();
  }, 1000 * Number(reload));
}
startReload();
