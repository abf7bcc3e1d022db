// Handing in: once every box is ticked, the consequence is stated in a dialog before the form goes.
// Without this script the server states it on a page of its own.
(() => {
  const form = document.querySelector("[data-hand-in]");
  const dialog = form?.querySelector("dialog");
  if (!dialog) return;
  form.addEventListener("submit", (event) => {
    const boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
    // What is not ticked is named by the server; what was confirmed goes.
    if (dialog.open || boxes.some((box) => !box.checked)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.showModal();
  }, true);
})();
