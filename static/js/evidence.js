/*
 * Files go up one by one while the page stays open, each with its own progress and its own answer.
 * Without this script the same files go with the form of the page.
 */
(() => {
  "use strict";

  const area = document.querySelector("[data-evidence-upload]");
  if (!area || area.dataset.started) return;
  area.dataset.started = "true";

  const section = area.closest("section");
  const form = area.closest("form");
  const input = area.querySelector('input[type="file"]');
  const tick = area.querySelector('input[name="not_secret"]');
  const rows = area.querySelector("[data-upload-list]");
  const problem = area.querySelector("[data-tick-asked]");
  const status = area.querySelector("[data-upload-status]");
  const chosenNames = area.querySelector(".file-drop-list");
  const details = [...area.querySelectorAll('[name^="file_"]')];
  const mostBytes = Number(area.dataset.mostBytes);
  const megabyte = 1048576;

  /** Every file that was chosen and has not been taken yet, in order. */
  const queue = [];
  let sending = null;
  let begun = false;

  const says = (name, reason) =>
    `Tệp “${name}” không được nhận: ${reason}. Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB.`;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  // --- One row for each file ----------------------------------------------------------------
  function rowFor(file) {
    const words = element("p", { class: "upload-words" }, "Đang chờ");
    const bar = element("progress", { max: "100", value: "0", "aria-label": `Tiến độ tải ${file.name}` });
    const acts = element("div", { class: "upload-acts" });
    const size = file.size < megabyte ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / megabyte).toFixed(1).replace(".", ",")} MB`;
    const row = element(
      "li",
      { class: "upload-row" },
      element("p", { class: "upload-name" }, `${file.name} `, element("span", { class: "soft nowrap" }, `(${size})`)),
      bar,
      words,
      acts,
    );
    bar.hidden = true;
    rows.append(row);
    rows.hidden = false;
    return { file, row, bar, words, acts, state: "waiting", unmarked: false };
  }

  function button(words, act, kind = "btn-outline-secondary") {
    const made = element("button", { type: "button", class: `btn btn-sm ${kind}` }, words);
    made.addEventListener("click", act);
    return made;
  }

  function say(entry, state, words, ...acts) {
    entry.state = state;
    entry.row.className = `upload-row is-${state}`;
    entry.words.textContent = words;
    entry.acts.replaceChildren(...acts);
    entry.bar.hidden = state !== "sending";
    if (state !== "sending" && state !== "waiting") status.textContent = words;
  }

  function drop(entry) {
    const place = queue.indexOf(entry);
    if (place >= 0) queue.splice(place, 1);
    entry.row.remove();
    rows.hidden = !rows.children.length;
    input.focus();
    settle();
  }

  const dismiss = (entry) => button("Bỏ qua", () => drop(entry));

  function again(entry) {
    say(entry, "waiting", "Đang chờ");
    next();
  }

  function askForUnmarked(entry, sentence) {
    const id = `unmarked-${queue.indexOf(entry)}-${Date.now()}`;
    const box = element("input", { type: "checkbox", class: "form-check-input", id });
    const label = element("label", { class: "form-check-label", for: id }, area.querySelector('label[for="id_unmarked"]').textContent.trim());
    const send = button("Gửi lại", () => {
      entry.unmarked = true;
      again(entry);
    });
    send.disabled = true;
    box.addEventListener("change", () => {
      send.disabled = !box.checked;
    });
    say(entry, "refused", sentence, element("div", { class: "form-check w-100" }, box, label), send, dismiss(entry));
  }

  // --- Sending ------------------------------------------------------------------------------
  function body(entry) {
    const data = new FormData();
    data.append("uploads", entry.file, entry.file.name);
    data.append("not_secret", "on");
    if (entry.unmarked) data.append("unmarked", "on");
    details.forEach((one) => data.append(one.name, one.value));
    return data;
  }

  function answered(entry, request) {
    const page = request.response;
    const answer = page?.querySelector("[data-upload-answer]");
    if (request.status === 413) {
      say(entry, "refused", says(entry.file.name, "lớn hơn 20 MB"), dismiss(entry));
    } else if (!answer) {
      const words = request.responseURL.includes("/dang-nhap/")
        ? "Phiên làm việc đã hết hạn. Đăng nhập lại ở một thẻ khác rồi bấm “Thử lại”; tệp vẫn được giữ ở đây."
        : "Máy chủ chưa nhận được tệp. Tệp vẫn được giữ ở đây; bấm “Thử lại” sau ít giây.";
      say(entry, "failed", words, button("Thử lại", () => again(entry), "btn-outline-primary"), dismiss(entry));
    } else {
      refresh(page);
      const told = answer.textContent.trim();
      if (answer.dataset.uploadAnswer === "taken") {
        queue.splice(queue.indexOf(entry), 1);
        say(entry, "taken", told || "Đã thêm vào danh sách.");
      } else if (answer.dataset.uploadAnswer === "unmarked") {
        askForUnmarked(entry, told);
      } else {
        say(entry, "refused", told, dismiss(entry));
      }
    }
  }

  function refresh(page) {
    [["[data-evidence-list]"], ["[data-evidence-count]"]].forEach(([which]) => {
      const fresh = page.querySelector(which);
      const old = section.querySelector(which);
      if (!fresh || !old) return;
      const put = document.importNode(fresh, true);
      old.replaceWith(put);
      window.htmx?.process(put);
    });
  }

  function send(entry) {
    sending = entry;
    const request = new XMLHttpRequest();
    request.open("POST", area.dataset.evidenceUpload);
    request.responseType = "document";
    request.setRequestHeader("X-CSRFToken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const share = Math.round((event.loaded / event.total) * 100);
      entry.bar.value = share;
      entry.words.textContent = share < 100 ? `Đang tải lên ${share}%` : "Đang kiểm tra nội dung tệp";
    });
    request.addEventListener("load", () => answered(entry, request));
    request.addEventListener("error", () => {
      say(
        entry,
        "failed",
        "Mất kết nối mạng. Tệp vẫn được giữ ở đây; bấm “Thử lại” khi có mạng.",
        button("Thử lại", () => again(entry), "btn-outline-primary"),
        dismiss(entry),
      );
    });
    request.addEventListener("abort", () => drop(entry));
    request.addEventListener("loadend", () => {
      sending = null;
      next();
    });
    say(entry, "sending", "Đang tải lên 0%", button("Hủy", () => request.abort()));
    request.send(body(entry));
  }

  function next() {
    if (sending) return;
    const entry = queue.find((one) => one.state === "waiting");
    if (!entry) {
      settle();
      return;
    }
    if (!tick.checked) {
      problem.textContent = "Hãy đánh dấu xác nhận tệp không chứa bí mật nhà nước; các tệp sẽ được tải lên ngay sau đó.";
      problem.hidden = false;
      return;
    }
    problem.hidden = true;
    begun = true;
    send(entry);
  }

  /** Once everything chosen was answered, the tick and the details are for the next files anew. */
  function settle() {
    if (queue.some((one) => one.state === "waiting" || one.state === "sending")) return;
    problem.hidden = true;
    if (queue.length || !begun) return;
    begun = false;
    tick.checked = false;
    details.forEach((one) => {
      one.value = "";
    });
  }

  // --- What starts it -----------------------------------------------------------------------
  input.addEventListener("change", () => {
    const files = [...input.files];
    // What an earlier choice brought stands in the list above.
    rows.querySelectorAll(".is-taken").forEach((row) => row.remove());
    // The form of the page must not send them a second time.
    input.value = "";
    chosenNames.replaceChildren();
    files.forEach((file) => {
      const entry = rowFor(file);
      if (file.size > mostBytes) {
        say(entry, "refused", says(file.name, "lớn hơn 20 MB"), dismiss(entry));
      } else if (!file.size) {
        say(entry, "refused", says(file.name, "tệp rỗng"), dismiss(entry));
      } else {
        queue.push(entry);
      }
    });
    next();
  });
  tick.addEventListener("change", next);
  window.addEventListener("online", () => {
    queue.filter((one) => one.state === "failed").forEach((one) => say(one, "waiting", "Đang chờ"));
    next();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.some((one) => one.state !== "refused")) event.preventDefault();
  });
})();
