// Dialogs and sheets. A button or link with data-dialog="id" opens that <dialog>; data-dialog-close
// closes it. What htmx puts into #sheet opens by itself; an empty answer, or the event "close-sheet"
// (HX-Trigger), closes it. Without script the links lead to whole pages.
(function () {
  "use strict";
  var back = null;

  function open(dialog) {
    if (!dialog) return;
    // Other content in an open sheet: what had the focus is gone.
    if (dialog.open && document.activeElement !== document.body && document.activeElement !== dialog) return;
    if (!dialog.open) {
      back = document.activeElement;
      // A menu's entry goes with its menu: its button has the focus afterwards.
      var menu = back && back.closest("details.menu[open]");
      if (menu) { back = menu.querySelector("summary"); menu.open = false; }
      dialog.showModal();
    }
    var first = dialog.querySelector("[autofocus], [data-error-summary], .dialog-body input:not([type=hidden])");
    if (first) first.focus();
    // An amount that stands there is replaced by what is typed.
    if (first && first.matches(".money")) first.select();
  }
  function close(dialog) { if (dialog && dialog.open) dialog.close(); }

  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-dialog]");
    if (opener) {
      var dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); open(dialog); }
      return;
    }
    if (event.target.closest("[data-dialog-close]")) { close(event.target.closest("dialog")); return; }
    // A press on the backdrop is a press on the dialog element itself, outside its box.
    if (event.target.matches && event.target.matches("dialog[open]")) {
      var box = event.target.getBoundingClientRect();
      var inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && !event.target.querySelector("form[data-submitting]")) close(event.target);
    }
  });
  document.addEventListener("close", function (event) {
    if (event.target.id === "sheet") event.target.replaceChildren();
    if (back && back.isConnected) back.focus();
    back = null;
  }, true);

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "sheet") return;
    if (event.detail.target.childElementCount) open(event.detail.target);
    else close(event.detail.target);
  });
  document.addEventListener("close-sheet", function () { close(document.getElementById("sheet")); });

  // The pay panel of a checkout on a phone: a bar that opens.
  function togglePanel(toggle, wanted) {
    var panel = document.getElementById(toggle.getAttribute("aria-controls"));
    var on = wanted === undefined ? toggle.getAttribute("aria-expanded") !== "true" : wanted;
    toggle.setAttribute("aria-expanded", String(on));
    panel.closest("[data-panel]").classList.toggle("is-open", on);
    document.body.classList.toggle("has-open-panel", on);
  }
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest("[data-panel-toggle]");
    if (toggle) togglePanel(toggle);
    else if (event.target.matches && event.target.matches("[data-panel-scrim]")) {
      document.querySelectorAll("[data-panel-toggle][aria-expanded='true']").forEach(function (t) { togglePanel(t, false); });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    document.querySelectorAll("[data-panel-toggle][aria-expanded='true']").forEach(function (t) { togglePanel(t, false); t.focus(); });
  });
})();
