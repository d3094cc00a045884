// The switch between light and dark. Without a choice the page is as the system.

function startTheme() {
  const root = document.documentElement, button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const known = stored((s) => s.getItem("dcganviz-theme"));
  if (known === "dark" || known === "light") root.dataset.theme = known;
  const dark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const show = () => { button.textContent = dark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    stored((s) => s.setItem("dcganviz-theme", root.dataset.theme));
    show();
  });
  system.addEventListener("change", show);
  button.hidden = false;
  show();
}
