// Shorthands of the page's scripts.

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

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

// crop draws a tile of a picture, a pixel for a pixel: the style enlarges it.
function crop(canvas, img, t) {
  canvas.width = t.w;
  canvas.height = t.h;
  canvas.getContext("2d").drawImage(img, t.x, t.y, t.w, t.h, 0, 0, t.w, t.h);
}

// picture returns a canvas with a tile, which says what it shows.
function picture(img, t) {
  const c = make("canvas", { role: "img", "aria-label": t.name });
  crop(c, img, t);
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
