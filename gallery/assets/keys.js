// Single keys that go from figure to figure. Who dictates, or whose hands slip,
// turns them off (WCAG 2.1.4), which the browser remembers.

function startKeys(sections, zoom) {
  const use = document.getElementById("keys");
  use.checked = stored((s) => s.getItem("dcganviz-keys")) !== "off";
  use.addEventListener("change", () => stored((s) => s.setItem("dcganviz-keys", use.checked ? "on" : "off")));
  use.closest("label").hidden = false;

  function go(i) {
    const s = sections[Math.min(Math.max(i, 0), sections.length - 1)];
    s.scrollIntoView();
    s.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", (e) => {
    // Not while something is typed or open.
    if (!use.checked || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") || e.target.closest?.("input:not([type=checkbox]), select, textarea")) return;
    const seen = sections.findIndex((s) => s.getBoundingClientRect().bottom > 40);
    const here = sections.findIndex((s) => s.contains(document.activeElement));
    const at = here >= 0 ? here : seen;
    switch (e.key) {
      case "j": go(here < 0 && seen >= 0 && sections[seen].getBoundingClientRect().top > 0 ? seen : at + 1); break;
      case "k": go(at - 1); break;
      case "z": sections[at]?.querySelector(".enlarge")?.click(); break;
    }
  });
}
