/*
 * What the pages gain where scripts run; every page also works without. Nothing here decides a rule.
 */
(() => {
  "use strict";

  /** Calls `start` once for every element that matches, now and after each htmx swap. */
  function each(selector, start) {
    // htmx announces the whole page as loaded, too.
    const started = new WeakSet();
    const once = (element) => {
      if (started.has(element)) return;
      started.add(element);
      start(element);
    };
    const within = (root) => {
      if (root.matches?.(selector)) once(root);
      root.querySelectorAll(selector).forEach(once);
    };
    within(document);
    document.addEventListener("htmx:load", (event) => within(event.detail.elt));
  }

  // --- A list of errors is read first -------------------------------------------------------
  each(".error-summary", (summary) => summary.focus());

  // --- One press, one request ---------------------------------------------------------------
  const pressed = new Map();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "noGuard" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    const button = event.submitter;
    if (!button || button.classList.contains("menu-item")) return;
    // A disabled button would not send its own name and value: wait until the form is on its way.
    setTimeout(() => {
      pressed.set(button, [...button.childNodes]);
      button.replaceChildren(button.dataset.busy || "Đang gửi…");
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    });
  });

  // Coming back with the browser's own button shows the page as it was left: free the buttons.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    pressed.forEach((words, button) => {
      button.replaceChildren(...words);
      button.removeAttribute("aria-busy");
      button.disabled = false;
    });
    pressed.clear();
  });

  // --- Filters that apply themselves --------------------------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && ("autosubmit" in event.target.dataset || "autosubmit" in form.dataset)) {
      form.requestSubmit();
    }
  });
  each(".no-script-only", (element) => {
    element.hidden = true;
  });

  // --- Leaving with something unsaved -------------------------------------------------------
  each("form[data-warn-unsaved]", (form) => {
    form.addEventListener("input", () => {
      form.dataset.changed = "true";
    });
    // htmx saved it: nothing is lost by leaving.
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) delete form.dataset.changed;
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]:not([data-sent])")) event.preventDefault();
  });

  // --- Menus and dialogs --------------------------------------------------------------------
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      document.querySelector(opener.dataset.dialogOpen).showModal();
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- Buttons that need a script, hidden until now -----------------------------------------
  each("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  each("[data-reload]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.location.reload());
  });
  each("[data-copy]", (button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
      button.textContent = "Đã sao chép";
    });
  });

  // --- Files: dropped, pasted or chosen -----------------------------------------------------
  const megabytesText = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

  function sizeOf(file) {
    const megabytes = file.size / 1048576;
    return megabytes < 1 ? `${Math.ceil(file.size / 1024)} KB` : `${megabytesText.format(megabytes)} MB`;
  }

  each("[data-file-drop]", (area) => {
    const input = area.querySelector("input[type=file]");
    const list = area.querySelector(".file-drop-list");

    function show() {
      list?.replaceChildren(
        ...Array.from(input.files, (file) => {
          const item = document.createElement("li");
          item.textContent = `${file.name} (${sizeOf(file)})`;
          return item;
        }),
      );
    }
    function add(files) {
      if (!files.length) return;
      const all = new DataTransfer();
      if (input.multiple) Array.from(input.files).forEach((file) => all.items.add(file));
      Array.from(files).forEach((file) => all.items.add(file));
      input.files = all.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    area.classList.add("is-live");
    input.addEventListener("change", show);
    ["dragover", "dragleave", "drop"].forEach((kind) => {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.toggle("is-over", kind === "dragover");
      });
    });
    area.addEventListener("drop", (event) => add(event.dataTransfer.files));
    document.addEventListener("paste", (event) => {
      // Cells of a spreadsheet come with a picture of themselves: text meant for a field stays text.
      const isTyping = event.target.closest?.("input, textarea");
      if (!isTyping || !event.clipboardData.types.includes("text/plain")) add(event.clipboardData.files);
    });
  });
})();
