/*
 * Comfort on the page of one criterion; without it everything is still there and still saved.
 */
(() => {
  "use strict";

  const form = document.getElementById("criterion-form");
  if (!form) return;

  // --- The reason is asked for only where an exemption is claimed ----------------------------
  form.querySelectorAll("[data-reason]").forEach((reason) => {
    const indicator = reason.closest("fieldset");
    const chosen = () => indicator.querySelector('[value="exempt"]:checked');
    const typed = () => reason.querySelector("textarea").value.trim() !== "";
    const show = () => {
      reason.hidden = !chosen() && !typed();
    };
    indicator.addEventListener("change", show);
    show();
  });

  // --- Files are sent only with the tick -----------------------------------------------------
  const files = form.querySelector('input[name="uploads"]');
  const tick = form.querySelector('input[name="not_secret"]');
  const most = 20;
  if (files && tick) {
    const words = form.querySelector("[data-upload-problem]");
    const problem = () => {
      if (files.files.length > most) return `Mỗi lần chỉ thêm tối đa ${most} tệp. Hãy bỏ bớt rồi thêm tiếp lần sau.`;
      if (files.files.length && !tick.checked) return "Hãy đánh dấu xác nhận tệp không chứa bí mật nhà nước trước khi lưu.";
      return "";
    };
    const show = (text) => {
      words.textContent = text;
      words.hidden = !text;
    };
    form.addEventListener("change", () => {
      if (!problem()) show("");
    });
    // Before portal.js guards against a second press: what is stopped here was never sent.
    document.addEventListener(
      "submit",
      (event) => {
        if (event.target !== form || !problem()) return;
        event.preventDefault();
        event.stopPropagation();
        show(problem());
        tick.focus();
      },
      true,
    );
  }

  // --- What is typed survives a session that ends ---------------------------------------------
  // Kept in this tab alone, for the version it was typed on, until the server has it.
  const key = `draft:${form.dataset.draft}`;
  const state = form.querySelector("[data-draft-state]");
  const version = form.querySelector('input[name="version"]').value;
  const passing = new Set(["csrfmiddlewaretoken", "version", "uploads", "not_secret", "action"]);

  function typedNow() {
    return [...new FormData(form)].filter(([name]) => !passing.has(name));
  }
  function put(fields) {
    fields.forEach(([name, value]) => {
      const input = form.elements[name];
      if (!input) return;
      if (input instanceof RadioNodeList || input.type === "radio") {
        form.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((one) => {
          one.checked = one.value === value;
        });
      } else {
        input.value = value;
      }
    });
  }
  function remember() {
    try {
      sessionStorage.setItem(key, JSON.stringify({ version, fields: typedNow() }));
    } catch {
      // A full or forbidden store only means that there is no second copy.
    }
  }
  function forget() {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // As above.
    }
  }
  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(key) || "null");
    } catch {
      return null;
    }
  }

  const kept = recall();
  const same = kept && JSON.stringify(kept.fields) === JSON.stringify(typedNow());
  if (kept && kept.version === version && !same && !form.dataset.changed) {
    put(kept.fields);
    state.textContent = "Đã khôi phục nội dung đồng chí nhập trước đó mà chưa lưu. Hãy kiểm tra rồi bấm “Lưu”.";
    state.hidden = false;
    form.dataset.changed = "true";
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.querySelectorAll("fieldset").forEach((one) => one.dispatchEvent(new Event("change")));
  } else if (kept && kept.version !== version) {
    forget();
  }
  form.addEventListener("input", remember);
  document.querySelectorAll("[data-draft-discard]").forEach((link) => {
    link.addEventListener("click", () => {
      forget();
      delete form.dataset.changed;
    });
  });
})();
