// Light or dark, as the page around this one is; on its own, as the system is.
"use strict";
(() => {
  const root = document.documentElement;
  const around = () => {
    try {
      if (window.parent === window) return "";
      const outer = window.parent.document.documentElement;
      if (outer.classList.contains("dark")) return "dark";
      if (outer.classList.contains("light")) return "light";
    } catch { /* another origin: it cannot be told */ }
    return "";
  };
  const kept = () => {
    try {
      const theme = localStorage.getItem("theme");
      return theme === "dark" || theme === "light" ? theme : "";
    } catch { return ""; }
  };
  const apply = () => {
    const theme = around() || kept();
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  };
  apply();
  addEventListener("storage", apply);
  try {
    if (window.parent !== window) {
      new MutationObserver(apply).observe(window.parent.document.documentElement,
        { attributes: true, attributeFilter: ["class"] });
    }
  } catch { /* another origin */ }
  root.classList.toggle("framed", window.parent !== window);
})();
