/*
 * Comfort of the review: keys, reasons to start from, what was typed kept until it is saved.
 * The page works without; nothing here decides a rule.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-verdict-form]");
  const help = document.querySelector("#phim-tat");
  document.querySelectorAll("[data-needs-script]").forEach((element) => {
    element.hidden = false;
  });

  // --- Keys: j k move, 1 2 3 choose, ? helps; they can be switched off ------------------------
  const SWITCH = "review-keys-off";
  const toggle = document.querySelector("[data-review-shortcuts]");
  toggle.checked = localStorage.getItem(SWITCH) !== "1";
  toggle.addEventListener("change", () => {
    localStorage.setItem(SWITCH, toggle.checked ? "0" : "1");
  });

  function isTyping(target) {
    return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  }
  function go(relation) {
    document.querySelector(`[data-review-keys] a[rel="${relation}"]`)?.click();
  }
  function choose(position) {
    const radio = form?.querySelectorAll('input[name="decision"]')[position];
    if (!radio) return;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const keys = {
    j: () => go("next"),
    k: () => go("prev"),
    1: () => choose(0),
    2: () => choose(1),
    3: () => choose(2),
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

  if (!form) return;

  // --- The new result is asked for only when the result is adjusted ---------------------------
  const adjusting = form.querySelector("[data-only-when]");
  function showAdjusting() {
    const chosen = form.querySelector('input[name="decision"]:checked');
    adjusting.hidden = chosen?.value !== adjusting.dataset.onlyWhen;
  }
  form.addEventListener("change", showAdjusting);
  showAdjusting();

  // --- Reasons to start from: put where the cursor is, then edited ----------------------------
  const comment = form.querySelector("textarea");
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert], [data-insert-from]");
    if (!button) return;
    const text = button.dataset.insert ?? document.querySelector(button.dataset.insertFrom).textContent;
    const before = comment.value.trimEnd();
    comment.value = before ? `${before}\n${text}` : text;
    comment.focus();
    comment.setSelectionRange(comment.value.length, comment.value.length);
    comment.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- A comment half typed outlives a session that ends --------------------------------------
  // The name holds the version of the verdict: once saved, the draft belongs to the past.
  const name = `review-draft:${form.dataset.draft}`;
  const same = name.slice(0, name.lastIndexOf(":") + 1);
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(same) && key !== name)
    .forEach((key) => sessionStorage.removeItem(key));
  const state = form.querySelector("[data-draft-state]");
  const kept = sessionStorage.getItem(name);
  if (kept !== null && kept !== comment.value && !comment.value) {
    comment.value = kept;
    state.textContent = "Đã khôi phục ý kiến đang gõ dở trên máy này.";
  }
  comment.addEventListener("input", () => {
    if (comment.value) sessionStorage.setItem(name, comment.value);
    else sessionStorage.removeItem(name);
  });
})();
