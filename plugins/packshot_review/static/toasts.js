// Short messages, also over a change of page.

const KEY = "packshot-toast";
const SETTLES_MS = 120;

export function toast(text, { kind = "", undo = null } = {}) {
  const place = document.querySelector(".toasts");
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Undo";
    button.addEventListener("click", () => { box.remove(); undo(); });
    box.append(button);
  }
  // A moment later, so that a screen reader hears of it also where the page has just come.
  place.replaceChildren();
  setTimeout(() => place.replaceChildren(box), SETTLES_MS);
  setTimeout(() => box.remove(), kind === "bad" ? 12000 : 6000);
}

export function toastThere(message) {
  try { sessionStorage.setItem(KEY, JSON.stringify(message)); } catch { /* then not */ }
}

export function toldBefore() {
  try {
    const found = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return found ? JSON.parse(found) : null;
  } catch { return null; }
}
