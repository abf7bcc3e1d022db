/*
 * Keys on the station's pages: j k move, Enter opens, u goes up, ? helps. They can be switched off,
 * and do nothing while somebody types.
 */
(() => {
  "use strict";

  const SWITCH = "station-keys-off";
  const help = document.querySelector("#phim-tat");
  const toggle = document.querySelector("[data-keys-switch]");
  if (!help || !toggle) return;
  document.querySelectorAll("[data-needs-script]").forEach((element) => {
    element.hidden = false;
  });

  function isOff() {
    try {
      return localStorage.getItem(SWITCH) === "1";
    } catch {
      return false;
    }
  }
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(SWITCH, toggle.checked ? "0" : "1");
    } catch {
      // A forbidden store: the choice holds for this page.
    }
  });

  function isTyping(target) {
    return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  }
  function step(by) {
    const rows = [...document.querySelectorAll(".task-title")];
    if (!rows.length) {
      document.querySelector(`a[rel="${by > 0 ? "next" : "prev"}"]`)?.click();
      return;
    }
    const here = rows.indexOf(document.activeElement.closest(".task-row")?.querySelector(".task-title"));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    u: () => document.querySelector('a[rel="up"]')?.click(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (!toggle.checked || document.querySelector("dialog[open]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
