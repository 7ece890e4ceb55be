// Runs in <head>, before anything is drawn, so that no wrong theme flashes.
(function () {
  "use strict";
  var KEY = "theme";
  function stored() {
    try { return localStorage.getItem(KEY); } catch (e) { return null; }
  }
  function apply(choice) {
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
    else delete document.documentElement.dataset.theme;
  }
  function press(choice) {
    document.querySelectorAll("[data-theme-set]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
    });
  }
  apply(stored());
  document.addEventListener("DOMContentLoaded", function () { press(stored() || "auto"); });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-set]");
    if (!button) return;
    var choice = button.dataset.themeSet;
    try { localStorage.setItem(KEY, choice); } catch (e) { /* private window: for this page only */ }
    apply(choice);
    press(choice);
  });
})();
