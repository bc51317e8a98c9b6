// The gallery: more cards as one scrolls, selection, keys, decisions about many.

import { ask, decide, help, typing, word } from "./decisions.js";
import { fillIn } from "./thumbnails.js";
import { toast, toldBefore } from "./toasts.js";

const gallery = document.querySelector(".gallery");
const tray = document.querySelector(".tray");
const chosen = new Map(); // id to {id, fingerprint, number}
let current = null;
let last = null;

const cards = () => [...gallery.querySelectorAll(".card")];
const identity = ({ dataset }) =>
  ({ id: dataset.id, fingerprint: dataset.fingerprint, number: Number(dataset.number), preset: dataset.preset });

// ---- More cards -----------------------------------------------------------------------------

const nearing = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) grow(target);
}, { rootMargin: "6000px 0px" });

async function grow(more) {
  nearing.unobserve(more);
  const answer = await fetch(more.dataset.more).catch(() => null);
  if (!answer?.ok) { nearing.observe(more); return; }
  const part = document.createElement("template");
  part.innerHTML = await answer.text();
  const added = [...part.content.children];
  more.replaceWith(...added);
  watch();
}

function watch() {
  for (const more of document.querySelectorAll(".more")) nearing.observe(more);
  fillIn([...gallery?.querySelectorAll("img[data-alone]") ?? []]);
}

// ---- Selection ------------------------------------------------------------------------------

function show() {
  if (!tray) return;
  tray.hidden = chosen.size === 0;
  document.body.classList.toggle("choosing", chosen.size > 0);
  const said = `${chosen.size} selected`;
  tray.querySelector(".tray-count").textContent = said;
  document.querySelector("[data-selected]").textContent = chosen.size ? said : "";
}

function select(card, on) {
  const box = card.querySelector(".pick input");
  if (!box) return;
  box.checked = on;
  card.classList.toggle("chosen", on);
  if (on) chosen.set(card.dataset.id, identity(card)); else chosen.delete(card.dataset.id);
}

gallery?.addEventListener("change", ({ target }) => {
  if (!target.matches(".pick input")) return;
  select(target.closest(".card"), target.checked);
  last = target.closest(".card");
  show();
});

gallery?.addEventListener("click", (event) => {
  const pick = event.target.closest(".pick");
  if (!pick || !event.shiftKey || !last) return;
  const all = cards(), here = pick.closest(".card");
  const [from, to] = [all.indexOf(last), all.indexOf(here)].sort((a, b) => a - b);
  for (const card of all.slice(from, to + 1)) if (card !== here) select(card, true);
});

tray?.querySelector("[data-none]").addEventListener("click", clear);
tray?.querySelector("[data-all]").addEventListener("click", async () => {
  const { home, filter } = document.body.dataset;
  const answer = await fetch(`${home}/selection${filter}`);
  if (!answer.ok) { toast("The server did not answer. Try again.", { kind: "bad" }); return; }
  for (const each of (await answer.json()).pictures) chosen.set(each.id, each);
  for (const card of cards()) if (chosen.has(card.dataset.id)) select(card, true);
  show();
});

function clear() {
  const lost = tray?.contains(document.activeElement);
  for (const card of cards()) select(card, false);
  chosen.clear();
  show();
  if (lost) (current ?? cards()[0])?.querySelector(".frame").focus();
}

// ---- Decisions ------------------------------------------------------------------------------

async function act(action) {
  const pictures = chosen.size ? [...chosen.values()] : current ? [identity(current)] : [];
  if (!pictures.length) { toast("Select pictures first: X, or the box on each."); return; }
  const what = pictures.length === 1 ? "this picture" : `${pictures.length} pictures`;
  const asked = action === "reject" || action === "retry" ? await ask(action, what, pictures.map(({ preset }) => preset)) : {};
  if (!asked) return;
  tray?.classList.add("busy");
  const { done, refused } = await decide(action, pictures, asked);
  tray?.classList.remove("busy");
  for (const each of done) settle(each);
  const said = `${word(action)} ${done.length} ${done.length === 1 ? "picture" : "pictures"}.`;
  if (refused.length) {
    toast(`${done.length ? `${said} ` : ""}${refused.length} not: ${refused[0].why}`, { kind: "bad" });
  } else {
    toast(said, { kind: "good", undo: action === "undo" ? null : () => takeBack(done) });
  }
  clear();
  await recount();
}

async function takeBack(done) {
  const { done: undone, refused } = await decide("undo", done);
  for (const each of undone) settle(each);
  toast(refused.length ? `${refused.length} not taken back: ${refused[0].why}` : "Taken back.", { kind: refused.length ? "bad" : "" });
  await recount();
}

function settle({ id, number, status, said }) {
  const card = gallery.querySelector(`.card[data-id="${CSS.escape(id)}"]`);
  if (!card) return;
  card.dataset.number = number;
  card.dataset.status = status;
  const frame = card.querySelector(".frame");
  frame.setAttribute("aria-label", `${frame.dataset.name}: ${said}`);
  const place = card.querySelector(".caption-why");
  const words = document.createElement("span");
  words.className = `status status-${status}`;
  words.textContent = said;
  place.replaceChildren(words);
}

// The counts above the gallery, and what can be published, as they are now.
async function recount() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector(".chips")?.replaceWith(page.querySelector(".chips"));
  const fresh = page.querySelector("[data-publish]"), old = document.querySelector("[data-publish]");
  old?.remove();
  if (fresh) {
    fresh.addEventListener("click", async () => {
      fresh.disabled = true;
      const { publish } = await import("./decisions.js");
      if (!await publish(fresh.dataset.publish)) fresh.disabled = false;
    });
    document.querySelector(".bar-top").append(fresh);
  }
}

tray?.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-act]")?.dataset.act;
  if (action) act(action);
});

// ---- Keys -----------------------------------------------------------------------------------

function go(step) {
  const all = cards();
  if (!all.length) return;
  const at = current ? all.indexOf(current) : -1;
  current = all[Math.max(0, Math.min(all.length - 1, at + step))];
  current.querySelector(".frame").focus();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  current.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

gallery?.addEventListener("focusin", ({ target }) => { current = target.closest(".card") ?? current; });

addEventListener("keydown", (event) => {
  if (typing(event)) return;
  const acts = tray ? { a: "approve", r: "reject", t: "retry", u: "undo" } : {};
  const key = event.key.toLowerCase();
  if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (key === "?") help();
  else if (key === "escape") clear();
  else if (key === "x" && current) { select(current, !chosen.has(current.dataset.id)); show(); }
  else if (acts[key]) act(acts[key]);
  else return;
  event.preventDefault();
});

// ---- The rest -------------------------------------------------------------------------------

gallery?.addEventListener("pointerover", ({ target }) => {
  const before = target.closest(".card")?.querySelector(".before[data-src]");
  if (before) { before.src = before.dataset.src; before.removeAttribute("data-src"); }
});

const filters = document.querySelector(".filters");
filters?.addEventListener("change", ({ target }) => { if (target.matches("select")) filters.requestSubmit(); });
filters?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

const before = toldBefore();
if (before) toast(before.text, { kind: before.kind });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
watch();
