/*
 * Comfort of the review: keys, where the eye lands, reasons to start from, what was typed kept
 * until it is saved. The pages work without; nothing here decides a rule.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-verdict-form]");
  const list = document.querySelector("[data-key-list]");
  const help = document.querySelector("#phim-tat");
  document.querySelectorAll("[data-needs-script]").forEach((element) => {
    element.hidden = false;
  });

  // --- Where one lands: what went wrong, else the next act, else the heading -----------------
  function land() {
    if (location.hash || document.querySelector(".error-summary")) return;
    const refused = document.querySelector("main .alert[role=alert]");
    const target = refused ?? document.querySelector("[data-key-land]") ?? document.querySelector("h1");
    if (!target) return;
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: target !== refused });
  }
  land();

  // --- Keys; they can be switched off --------------------------------------------------------
  const SWITCH = "review-keys-off";
  const toggle = document.querySelector("[data-review-shortcuts]");
  const isOn = () => !toggle || toggle.checked;
  if (toggle) {
    toggle.checked = localStorage.getItem(SWITCH) !== "1";
    toggle.addEventListener("change", () => {
      localStorage.setItem(SWITCH, toggle.checked ? "0" : "1");
    });
  }

  function isTyping(target) {
    return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  }
  function press(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    if (target.matches("form")) target.requestSubmit(target.querySelector("button"));
    else target.click();
    return true;
  }
  function choose(name, value) {
    const radio = form?.querySelector(`input[name="${name}"][value="${value}"]`);
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  function save() {
    if (!form?.querySelector('input[name="decision"]:checked')) return false;
    form.requestSubmit(form.querySelector('button[name="then"]'));
    return true;
  }

  /** The row of a list that has the focus; moves to a neighbour, or to the first one. */
  const rows = () => [...(list?.querySelectorAll("li a.task-title") ?? [])];
  const current = () => document.activeElement?.closest("[data-key-list] li");
  function step(by) {
    const titles = rows();
    if (!titles.length) return false;
    const at = titles.findIndex((title) => title.closest("li") === current());
    const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), titles.length - 1);
    titles[next].focus();
    return true;
  }
  function inRow(selector) {
    const target = current()?.querySelector(selector);
    if (!target) return false;
    target.click();
    return true;
  }

  /** Evidence one after the other, opened to look at, from the top again at the end. */
  function showEvidence() {
    const found = [...document.querySelectorAll("[data-evidence] summary")];
    if (!found.length) return false;
    const next = found[(found.indexOf(document.activeElement) + 1) % found.length];
    next.parentElement.open = true;
    next.focus();
    next.scrollIntoView({ block: "start" });
    return true;
  }
  function showReasons() {
    const reasons = document.querySelector("[data-reasons]");
    if (!reasons) return false;
    reasons.open = true;
    reasons.querySelector("a").focus();
    return true;
  }

  const keys = {
    j: () => (list ? step(1) : press('[data-review-keys] a[rel="next"]')),
    k: () => (list ? step(-1) : press('[data-review-keys] a[rel="prev"]')),
    1: () => choose("decision", "accept"),
    2: () => choose("decision", "adjust"),
    3: () => choose("decision", "more"),
    4: () => choose("explanation", "accepted"),
    5: () => choose("explanation", "rejected"),
    n: () => press("[data-key-onwards]"),
    e: showEvidence,
    r: showReasons,
    t: () => press("[data-key-end]"),
    u: () => press("[data-key-up]"),
    c: () => inRow("form button") || press("[data-key-claim]"),
    x: () => inRow("input[type=checkbox]"),
    "/": () => {
      const search = document.querySelector("[data-key-search]");
      search?.focus();
      return Boolean(search);
    },
    "?": () => {
      help?.showModal();
      return Boolean(help);
    },
  };
  document.addEventListener("keydown", (event) => {
    if (!isOn() || document.querySelector("dialog[open]") || event.altKey) return;
    if (event.key === "Enter") {
      // Enter keeps its own meaning on links, buttons and in text; Ctrl makes it "save" anywhere.
      const own = event.target.closest("a, button, textarea, select, summary, input, [contenteditable]");
      if ((event.ctrlKey || event.metaKey || !own) && save()) event.preventDefault();
      return;
    }
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (keys[event.key]?.()) event.preventDefault();
  });

  // --- Several files at once -----------------------------------------------------------------
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    const boxes = [...document.querySelectorAll('input[name="file"]')];
    const told = document.querySelector("[data-ticked]");
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      told.textContent = ticked;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.addEventListener("change", () => {
      boxes.forEach((box) => {
        box.checked = all.checked;
      });
      count();
    });
    boxes.forEach((box) => box.addEventListener("change", count));
    count();
  }

  // --- What the station will read, as it is typed --------------------------------------------
  document.querySelectorAll("[data-mirror]").forEach((mirror) => {
    const source = document.querySelector(mirror.dataset.mirror);
    const show = () => {
      mirror.textContent = source.value.trim() || mirror.dataset.mirrorEmpty;
    };
    source.addEventListener("input", show);
    show();
  });

  if (!form) return;

  // --- The new result is asked for only when the result is adjusted ---------------------------
  const adjusting = form.querySelector("[data-only-when]");
  const comment = form.querySelector("textarea");
  const decision = () => form.querySelector('input[name="decision"]:checked')?.value;
  const reasons = form.querySelector("[data-reasons]");
  function showAdjusting() {
    adjusting.hidden = decision() !== adjusting.dataset.onlyWhen;
    // Whoever differs needs a reason: the ones to start from are at hand.
    if (reasons && decision() && decision() !== "accept") reasons.open = true;
  }
  form.addEventListener("change", showAdjusting);
  showAdjusting();

  // --- Asking again starts from what was asked before -----------------------------------------
  const before = form.dataset.keptReason;
  function put(text) {
    comment.value = text;
    comment.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (before) {
    form.addEventListener("change", (event) => {
      if (event.target.name !== "decision") return;
      if (decision() === "more" && !comment.value.trim()) put(before);
      else if (decision() !== "more" && comment.value === before) put("");
    });
  }

  // --- Reasons to start from: added to the comment, then edited --------------------------------
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-insert]");
    if (!link) return;
    event.preventDefault();
    const typed = comment.value.trimEnd();
    put(typed ? `${typed}\n${link.dataset.insert}` : link.dataset.insert);
    comment.focus();
    comment.setSelectionRange(comment.value.length, comment.value.length);
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
