// Sends decisions, and asks for what a decision needs.

import { toast } from "./toasts.js";

const CHUNK = 200;
const SAID = { approve: "Approved", reject: "Rejected", retry: "Trying again:", undo: "Taken back:" };

export const word = (action) => SAID[action];

export async function send(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Packshot-Review": "1" },
      body: JSON.stringify(body),
    });
  } catch {
    return { ok: false, status: 0, told: { detail: "The server did not answer. Try again." } };
  }
  const told = await answer.json().catch(() => ({ detail: `Error ${answer.status}` }));
  return { ok: answer.ok, status: answer.status, told };
}

// Decide on pictures: [{id, fingerprint, number}]. Gives {done, refused}.
export async function decide(action, pictures, { reason = "", settings = null } = {}) {
  const done = [], refused = [];
  for (let at = 0; at < pictures.length; at += CHUNK) {
    const part = pictures.slice(at, at + CHUNK).map(({ preset, ...chosen }) => chosen);
    const { ok, status, told } = await send(`${document.body.dataset.home}/decisions`,
      { action, reason, settings, pictures: part });
    done.push(...(told.done ?? []));
    refused.push(...(told.refused ?? []));
    if (!ok && status !== 409) {
      const why = typeof told.detail === "string" ? told.detail : "This cannot be decided so.";
      refused.push(...part.map(({ id }) => ({ id, why })));
      break;
    }
  }
  return { done, refused };
}

export async function publish(catalogue) {
  const { ok, told } = await send(`${document.body.dataset.base}/c/${encodeURIComponent(catalogue)}/publish`, {});
  toast(ok ? "Publishing has begun. The page shows it when it is done." : told.detail, { kind: ok ? "good" : "bad" });
  return ok;
}

for (const button of document.querySelectorAll("[data-publish]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    if (!await publish(button.dataset.publish)) button.disabled = false;
  });
}

// Offer the models that fit the preset chosen, or all of the pictures' own.
function offer(dialog, presets) {
  const fits = JSON.parse(dialog.dataset.fits), preset = dialog.querySelector("[name=preset]").value;
  const asked = preset ? [preset] : presets;
  const model = dialog.querySelector("[name=model]");
  let fitting = 0;
  for (const option of model.options) {
    if (!option.value) continue;
    option.hidden = option.disabled = !asked.every((each) => (fits[each] ?? []).includes(option.value));
    if (option.selected && option.disabled) model.value = "";
    fitting += !option.disabled;
  }
  model.disabled = !fitting;
  dialog.querySelector("[data-no-model]").textContent = fitting ? "" : "This preset asks no model.";
}

// Ask for a reason or settings; null when the person changed their mind.
// `presets`: those that made the pictures.
export function ask(action, what, presets = []) {
  const dialog = document.getElementById(action);
  if (!dialog) return Promise.resolve({});
  for (const each of dialog.querySelectorAll("[data-what]")) each.textContent = what;
  const form = dialog.querySelector("form");
  form.reset();
  if (dialog.dataset.fits) {
    const choose = () => offer(dialog, [...new Set(presets)]);
    dialog.querySelector("[name=preset]").onchange = choose;
    choose();
  }
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "go") { resolve(null); return; }
      const said = new FormData(form);
      if (action === "reject") {
        resolve({ reason: [said.get("quick"), said.get("reason").trim()].filter(Boolean).join(". ") });
        return;
      }
      const settings = {};
      for (const name of ["preset", "model"]) if (said.get(name)) settings[name] = said.get(name);
      for (const name of ["seed", "strength", "candidates"]) {
        if (said.get(name) !== "") settings[name] = Number(said.get(name));
      }
      resolve({ settings });
    }, { once: true });
  });
}

export function typing(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  if (document.querySelector("dialog[open]")) return true;
  const { target } = event;
  return target.matches?.("input:not([type=checkbox], [type=range]), select, textarea") ?? false;
}

export function help() { document.getElementById("keys-help")?.showModal(); }
