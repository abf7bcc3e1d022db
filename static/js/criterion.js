/*
 * Comfort on the page of one criterion: saved while it is typed, kept in the browser until the
 * server has it. Without this script everything is still there and still saved by its buttons.
 */
(() => {
  "use strict";

  const form = document.getElementById("criterion-form");
  if (!form) return;

  // --- The reason is asked for only where an exemption is claimed ----------------------------
  form.querySelectorAll("[data-reason]").forEach((reason) => {
    const indicator = reason.closest("fieldset");
    const chosen = () =>
      indicator.querySelector('input[value="exempt"]:checked') || indicator.querySelector("select")?.value === "exempt";
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

  const saver = document.querySelector("[data-autosave]");
  if (!saver) return;

  // --- What is typed, as one text ------------------------------------------------------------
  // Evidence and choices between versions go with their own buttons.
  const CONTENT = /^(note|explanation|confirmed|[^-]+-(answer|state|number|numerator|denominator|level|decision|reason))$/;
  const versionInput = () => form.querySelector('input[name="version"]');

  function typedNow() {
    return [...new FormData(form)].filter(([name]) => CONTENT.test(name));
  }
  function put(fields) {
    const tickbox = form.querySelector('input[name="confirmed"]');
    if (tickbox) tickbox.checked = false;
    fields.forEach(([name, value]) => {
      form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((input) => {
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.type === "checkbox") input.checked = true;
        else input.value = value;
      });
    });
  }

  // --- The copy in this browser ----------------------------------------------------------------
  // One key for each person, file, criterion and version; gone once saved, or after 14 days.
  const PREFIX = "ban-nhap:";
  const DAYS = 14;
  const place = `${PREFIX}${form.dataset.person}:${form.dataset.draft}:`;
  let keptBy = ""; // key of the copy that stands for what is on this page

  function keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  }
  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }
  function drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing can be kept in this browser, so nothing has to go.
    }
  }
  function remember(more = {}) {
    const key = `${place}${versionInput().value}`;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: typedNow(), ...more }));
      if (keptBy && keptBy !== key) drop(keptBy);
      keptBy = key;
      return true;
    } catch {
      // A full or forbidden store only means that there is no second copy.
      return false;
    }
  }
  function forget() {
    keys().filter((key) => key.startsWith(place)).forEach(drop);
    keptBy = "";
  }
  keys().forEach((key) => {
    if (!(read(key)?.at > Date.now() - DAYS * 86400000)) drop(key);
  });

  // --- The state, in words ---------------------------------------------------------------------
  const state = document.getElementById("trang-thai-luu");
  const ICONS = { saving: "arrow-repeat", failed: "exclamation-triangle-fill" };

  function tell(code, text, link) {
    const line = document.createElement("span");
    line.className = `live-state is-${code}`;
    const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];
    if (sprite && ICONS[code]) {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("class", "icon");
      icon.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", `${sprite}#${ICONS[code]}`);
      icon.append(use);
      line.append(icon);
    }
    line.append(text);
    if (link) line.append(" ", link);
    state.replaceChildren(line);
  }
  function logInLink() {
    const link = document.createElement("a");
    link.href = form.dataset.logIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Đăng nhập lại ở thẻ mới";
    return link;
  }
  /** Fields with an error are marked for eyes and for screen readers. */
  function markErrors() {
    form.querySelectorAll('[id$="-loi"]').forEach((slot) => {
      const wrong = slot.textContent.trim() !== "";
      const input = document.getElementById(slot.id.slice(0, -"-loi".length));
      if (!input || input.type === "radio") return;
      input.classList.toggle("is-invalid", wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
    form.querySelectorAll("fieldset.indicator").forEach((one) => {
      one.classList.toggle("has-error", one.querySelector(".is-invalid") !== null);
    });
  }

  // --- Saving, one request after the other -----------------------------------------------------
  const PAUSE = 900;
  const RETRY = 5000;
  let timer = 0;
  let sent = null; // what the request under way carries
  let failed = false; // the last request did not arrive, or nobody is signed in
  let stopped = false; // a choice or a refusal stands on the page: nothing is sent until then
  let waiting = null; // a button pressed before everything was saved
  let isDirect = false; // its press goes on now
  let isChoosing = false; // the request carries what was chosen of two versions

  function isChanged() {
    return "changed" in form.dataset;
  }
  function freshToken() {
    return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
  }
  function save() {
    clearTimeout(timer);
    if (stopped || sent !== null) return;
    htmx.trigger(saver, "luu");
  }
  function saveSoon(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  form.addEventListener("input", (event) => {
    if (!CONTENT.test(event.target.name || "")) return;
    form.dataset.changed = "true";
    const kept = remember();
    if (stopped) return;
    if (!failed) tell("saving", kept ? "Chưa lưu (giữ trên máy)…" : "Chưa lưu…");
    saveSoon(PAUSE);
  });
  // A choice made or a field left is saved at once.
  form.addEventListener("change", (event) => {
    if (CONTENT.test(event.target.name || "") && isChanged()) saveSoon(0);
  });

  saver.addEventListener("htmx:configRequest", (event) => {
    // After a log-in in another tab only the cookie knows the token that counts.
    const token = freshToken();
    if (!token) return;
    event.detail.headers["X-CSRFToken"] = token;
    event.detail.parameters.set("csrfmiddlewaretoken", token);
    form.querySelector('input[name="csrfmiddlewaretoken"]').value = token;
  });
  saver.addEventListener("htmx:beforeRequest", () => {
    sent = JSON.stringify(typedNow());
    if (!failed) tell("saving", "Đang lưu…");
  });
  // Refusals come as pieces of the page, too.
  saver.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 409].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  saver.addEventListener("htmx:afterRequest", (event) => {
    const carried = sent;
    sent = null;
    // The pieces are in their place only after this event.
    setTimeout(() => settle(event.detail.xhr.status, carried));
  });

  function settle(status, carried) {
    failed = false;
    const chosen = isChoosing;
    isChoosing = false;
    if (status === 200 && chosen) {
      // The inputs still show my version: the page comes anew with what was kept of both.
      forget();
      delete form.dataset.changed;
      window.location.assign(form.getAttribute("action")); // its buttons are named "action", too
    } else if (status === 200) {
      settleSaved(carried);
    } else if (status === 409) {
      stopped = true;
      remember();
      const conflict = document.getElementById("xung-dot");
      tell("failed", conflict ? "Chưa lưu: có hai bản, hãy chọn ở đầu trang" : "Không lưu được – giữ trên máy");
      conflict?.focus();
    } else if (status === 400) {
      stopped = true;
      remember();
      tell("failed", "Không lưu được – giữ trên máy. Hãy tải lại trang");
    } else {
      failed = true;
      const kept = remember() ? "giữ trên máy" : "hãy sao chép lại trước khi rời trang";
      if (status === 401) tell("failed", `Phiên làm việc đã hết hạn – ${kept}.`, logInLink());
      else if (status === 404) tell("failed", `Không lưu được – ${kept}. Đồng chí không còn quyền sửa phiếu này.`);
      else if (status >= 400) tell("failed", `Hệ thống tạm gián đoạn – ${kept}, sẽ tự thử lại.`);
      else tell("failed", `Mất kết nối – ${kept}, sẽ tự lưu lại.`);
    }
    const button = waiting;
    waiting = null;
    if (button && status === 200) {
      isDirect = true;
      form.requestSubmit(button);
    }
  }
  function settleSaved(carried) {
    markErrors();
    // Where the explanation or the tick was put in anew, what was typed meanwhile is still there.
    const same = JSON.stringify(typedNow()) === carried || carried === null;
    const whole = [...form.querySelectorAll('[id$="-loi"]')].every((slot) => !slot.textContent.trim());
    if (same && whole) {
      forget();
      delete form.dataset.changed;
    } else {
      remember();
      if (!same) {
        // Typed while the request was under way: not saved yet.
        tell("saving", "Chưa lưu (giữ trên máy)…");
        saveSoon(PAUSE);
      }
    }
  }

  // --- Trying again ----------------------------------------------------------------------------
  function retry() {
    if (failed && sent === null && !document.getElementById("xung-dot")) save();
  }
  window.addEventListener("online", retry);
  window.addEventListener("focus", retry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") retry();
  });
  setInterval(retry, RETRY);
  window.addEventListener("offline", () => {
    if (isChanged()) {
      failed = true;
      tell("failed", "Mất kết nối – giữ trên máy, sẽ tự lưu lại.");
    }
  });

  // --- A button waits until everything is saved: no conflict with oneself, and a session that is
  // over or a network that is gone does not take the page away ----------------------------------
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form) return;
      clearTimeout(timer);
      const conflict = document.getElementById("xung-dot") !== null;
      if (sent !== null || conflict || (isChanged() && !stopped && !isDirect) || !navigator.onLine) {
        event.preventDefault();
        event.stopPropagation();
        if (conflict) {
          isChoosing = true;
          stopped = false;
        } else {
          waiting = event.submitter;
        }
        save();
        return;
      }
      isDirect = false;
      const token = freshToken();
      if (token) form.querySelector('input[name="csrfmiddlewaretoken"]').value = token;
      // Should this post be lost on its way, the next visit to the page has the text.
      if (isChanged()) remember({ posted: true });
    },
    true,
  );
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-draft-discard]")) return;
    forget();
    delete form.dataset.changed;
  });

  // --- What an earlier visit could not save ------------------------------------------------------
  const found = keys()
    .filter((key) => key.startsWith(place))
    .map((key) => ({ key, version: key.slice(place.length), ...read(key) }))
    .sort((one, other) => other.at - one.at)[0];
  const isRefused = "changed" in form.dataset; // the server gave back what was typed
  if (found?.fields && !isRefused) {
    const arrived = found.posted && Number(found.version) < Number(versionInput().value);
    if (arrived || JSON.stringify(found.fields) === JSON.stringify(typedNow())) {
      forget();
    } else {
      put(found.fields);
      form.querySelectorAll("fieldset").forEach((one) => one.dispatchEvent(new Event("change")));
      form.querySelectorAll("[data-part]").forEach((one) => one.dispatchEvent(new Event("input", { bubbles: true })));
      clearTimeout(timer);
      // On the version it was typed on: what was saved elsewhere meanwhile shows as a conflict.
      if (/^\d+$/.test(found.version)) versionInput().value = found.version;
      keptBy = found.key;
      form.dataset.changed = "true";
      failed = true;
      tell("saving", "Đã khôi phục nội dung nhập trước đó; đang lưu…");
      setTimeout(save, 0);
    }
  } else if (isRefused) {
    stopped = document.getElementById("chua-luu").textContent.trim() !== "";
    remember();
    tell("failed", "Không lưu được – giữ trên máy");
  }
})();
