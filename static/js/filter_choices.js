// A long list of check boxes gets a field that narrows it; what is ticked always stays in sight.
(() => {
  "use strict";

  const plain = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

  document.querySelectorAll("[data-filter-choices]").forEach((area) => {
    const input = area.querySelector("input[type=search]");
    const rows = [...area.querySelectorAll(".form-check")];
    input.parentElement.hidden = false;
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      rows.forEach((row) => {
        const text = plain(row.textContent);
        const ticked = row.querySelector("input").checked;
        row.hidden = !ticked && !words.every((word) => text.includes(word));
      });
    });
    // Enter looks for a unit; it does not send the form.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  });
})();
