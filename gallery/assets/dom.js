// Shorthands of the page's scripts.

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

// stored asks what the browser remembers, or makes it remember; a page of a disk
// may be kept from both, which gives null.
const stored = (f) => { try { return f(localStorage); } catch { return null; } };

// make returns an element with attributes or properties, and what is in it.
function make(tag, attributes = {}, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in e) e[name] = value;
    else e.setAttribute(name, value);
  }
  e.append(...inside);
  return e;
}

// draw draws what a tile or a point shows, a pixel for a pixel: the style enlarges
// it. It lies in a picture of its own, from, or on the figure. Of what lies
// nowhere nothing is drawn, and the answer is false.
function draw(canvas, img, t) {
  const at = t.from ?? (t.w ? t : t.on);
  if (!at) return false;
  canvas.width = at.w;
  canvas.height = at.h;
  canvas.getContext("2d").drawImage(at.img ?? img, at.x, at.y, at.w, at.h, 0, 0, at.w, at.h);
  return true;
}

// picture returns a canvas with it, which says what it shows.
function picture(img, t) {
  const c = make("canvas", { role: "img", "aria-label": t.name });
  c.hidden = !draw(c, img, t);
  return c;
}

// copy puts a text on the clipboard, and says whether it is there.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { value: text, readOnly: true });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// copyButton returns a button that copies what a function gives.
function copyButton(text) {
  const button = make("button", { type: "button" }, "Copy");
  const state = make("span", { className: "state", role: "status" });
  button.addEventListener("click", async () => {
    state.textContent = await copy(text()) ? "Copied." : "Not allowed: select it and copy.";
  });
  return make("span", { className: "row" }, button, state);
}
