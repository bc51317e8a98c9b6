// One picture: views, slider, zoom, keys, decision.

import { ask, decide, help, typing, word } from "./decisions.js";
import { toast, toastThere, toldBefore } from "./toasts.js";

// ---- Views ----------------------------------------------------------------------------------

const stage = document.querySelector(".stage[data-width]");
const drawing = stage?.querySelector("svg");
const width = Number(stage?.dataset.width ?? 0), height = Number(stage?.dataset.height ?? 0);
const range = document.querySelector(".slider input");
const views = [...document.querySelectorAll("[data-view][aria-pressed]")];

function look(view) {
  drawing.dataset.view = view;
  for (const button of views) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  for (const image of drawing.querySelectorAll("image[data-href]")) {
    if (!image.dataset.for.split(" ").includes(view)) continue;
    image.setAttribute("href", image.dataset.href);
    image.removeAttribute("data-href");
  }
  for (const note of document.querySelectorAll("[data-note]")) note.hidden = note.dataset.note !== view;
  document.querySelector(".slider").hidden = view !== "slider";
  const shown = views.find((button) => button.dataset.view === view).textContent.trim();
  drawing.setAttribute("aria-label", `${drawing.dataset.name}: ${view === "slider"
    ? "the photograph left of the line, the result right of it" : shown}`);
  drawing.querySelector(".layer-result").toggleAttribute("data-whole", view !== "slider");
}

function split(percent) {
  const at = width * Math.max(0, Math.min(100, percent)) / 100;
  range.value = percent;
  drawing.querySelector("#split rect").setAttribute("x", at);
  const line = drawing.querySelector(".handle line");
  line.setAttribute("x1", at);
  line.setAttribute("x2", at);
  drawing.querySelector(".handle g").setAttribute("transform", `translate(${at} ${box.y + box.scale * height / 2})`);
}

// ---- Zoom -----------------------------------------------------------------------------------

// What is shown: its corner in pixels of the canvas, and which share of each side.
const CLOSEST = 1 / 24;
const box = { x: 0, y: 0, scale: 1 };
const held = (value, least, most) => Math.max(least, Math.min(most, value));

function frame() {
  box.scale = held(box.scale, CLOSEST, 1);
  box.x = held(box.x, 0, width * (1 - box.scale));
  box.y = held(box.y, 0, height * (1 - box.scale));
  drawing.setAttribute("viewBox", `${box.x} ${box.y} ${box.scale * width} ${box.scale * height}`);
  const shown = drawing.clientWidth * devicePixelRatio / (box.scale * width);
  stage.classList.toggle("zoomed", box.scale < 1);
  stage.classList.toggle("pixels", shown > 1.5);
  document.querySelector("[data-zoom]").setAttribute("aria-pressed", String(box.scale < 1));
  document.querySelector("[data-zoom-text]").textContent = box.scale < 1 ? `${Math.round(100 * shown)} %` : "Fit";
  drawing.querySelector(".handle g > circle").setAttribute("r", Math.min(width, height) / 36 * box.scale);
  drawing.querySelector(".handle path").setAttribute("transform", `scale(${box.scale})`);
  split(Number(range.value));
}

function zoom(factor, event) {
  const place = drawing.getBoundingClientRect();
  const fx = event ? (event.clientX - place.left) / place.width : .5;
  const fy = event ? (event.clientY - place.top) / place.height : .5;
  const scale = held(box.scale * factor, CLOSEST, 1);
  box.x += (box.scale - scale) * width * fx;
  box.y += (box.scale - scale) * height * fy;
  box.scale = scale;
  frame();
}

function pixels() {
  const scale = drawing.clientWidth * devicePixelRatio / width;
  if (box.scale < 1) Object.assign(box, { x: 0, y: 0, scale: 1 });
  else {
    const wanted = scale >= 1 ? .5 : scale;
    Object.assign(box, { x: width * (1 - wanted) / 2, y: height * (1 - wanted) / 2, scale: wanted });
  }
  frame();
}

if (stage) {
  drawing.style.setProperty("--shape", width / height);
  for (const button of views) button.addEventListener("click", () => look(button.dataset.view));
  range.addEventListener("input", () => split(Number(range.value)));
  document.querySelector("[data-zoom]").addEventListener("click", pixels);
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && box.scale >= 1) return; // plain wheel scrolls the page
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 400), event);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => { if (box.scale < 1) pixels(); else zoom(.35, event); });
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const place = drawing.getBoundingClientRect();
    const at = box.x + (event.clientX - place.left) / place.width * box.scale * width;
    const near = Math.abs(at - width * range.value / 100) < box.scale * width / 18;
    const sliding = drawing.dataset.view === "slider" && (near || box.scale >= 1);
    drag = { sliding, x: event.clientX, y: event.clientY, from: { ...box } };
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const place = drawing.getBoundingClientRect();
    if (drag.sliding) {
      const at = box.x + (event.clientX - place.left) / place.width * box.scale * width;
      split(Math.round(1000 * at / width) / 10);
    } else {
      box.x = drag.from.x - (event.clientX - drag.x) / place.width * box.scale * width;
      box.y = drag.from.y - (event.clientY - drag.y) / place.height * box.scale * height;
      frame();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { drag = null; });
  look("slider");
  frame();
  addEventListener("resize", frame);
}

// ---- Decision -------------------------------------------------------------------------------

const panel = document.querySelector(".decide");

async function act(action) {
  if (!panel?.querySelector(`[data-act=${action}]:not(:disabled)`)) return;
  const { id, fingerprint, number, name, attempt = "" } = panel.dataset;
  const asked = action === "reject" || action === "retry" ? await ask(action, name, [panel.dataset.preset]) : {};
  if (!asked) return;
  panel.classList.add("busy");
  const { done, refused } = await decide(action, [{ id, fingerprint, attempt, number: Number(number) }], asked);
  panel.classList.remove("busy");
  if (refused.length) { toast(refused[0].why, { kind: "bad" }); panel.classList.add("outdated"); return; }
  const next = document.querySelector("a[data-after]");
  const text = `${word(action)} ${name}.`;
  if (action === "undo" || !next) { toastThere({ text, kind: "good" }); location.reload(); return; }
  toastThere({ text, kind: "good", undo: done[0] });
  location.href = next.href;
}

panel?.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-act]")?.dataset.act;
  if (action) act(action);
});

const before = toldBefore();
if (before) {
  toast(before.text, { kind: before.kind, undo: before.undo && (async () => {
    const { refused } = await decide("undo", [before.undo]);
    toast(refused.length ? refused[0].why : "Taken back.", { kind: refused.length ? "bad" : "" });
  }) });
}

// ---- Keys -----------------------------------------------------------------------------------

addEventListener("keydown", (event) => {
  if (typing(event)) return;
  const key = event.key.toLowerCase();
  const acts = { a: "approve", r: "reject", t: "retry", u: "undo" };
  const to = { j: "a[data-after]", k: "a[data-before]", escape: "a[data-up]" }[key];
  if (to) { const link = document.querySelector(to); if (!link) return; link.click(); }
  else if (acts[key]) act(acts[key]);
  else if (key === "?") help();
  else if (stage && key === "z") pixels();
  else if (stage && (key === "+" || key === "-")) zoom(key === "+" ? .7 : 1 / .7);
  else if (stage && /^[1-9]$/.test(key) && views[key - 1]) look(views[key - 1].dataset.view);
  else if (stage && (key === "arrowleft" || key === "arrowright") && event.target !== range) {
    split(Number(range.value) + (key === "arrowleft" ? -2 : 2));
  } else return;
  event.preventDefault();
});
