// Every page: keys, menus, toasts, one press per submit, and what to say when the desk can't be reached.
// The pages work without it; it only shortens the way.
(function () {
  "use strict";

  // --- Keys -----------------------------------------------------------------------------------
  var typing = "input, textarea, select, [contenteditable]";
  var going = 0;

  function follow(selector) {
    var target = document.querySelector(selector);
    if (!target) return false;
    if (target.matches("input")) { target.focus(); target.select(); } else target.click();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") { closeMenus(); return; }
    if (event.target.closest(typing) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") { if (follow("[data-hotkey='/']")) event.preventDefault(); return; }
    if (event.key === "?") { if (follow("[data-dialog='shortcuts']")) event.preventDefault(); return; }
    var key = event.key.toLowerCase();
    if (!/^[a-z0-9]$/.test(key)) return;
    if (Date.now() - going < 1500) {
      going = 0;
      if (follow("[data-go='" + key + "']")) event.preventDefault();
    } else if (key === "g") {
      going = Date.now();
    } else if (follow("#main [data-key-press='" + key + "']") || follow("[data-key-press='" + key + "']")) {
      // What stands on the page comes before what stands around it.
      event.preventDefault();
    }
  });

  // --- Menus (<details class="menu">) -----------------------------------------------------------
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu === except) return;
      var inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside && !except) menu.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-theme-set]")) return;
    closeMenus(event.target.closest("details.menu") || document.body);
  });

  // --- Toasts -----------------------------------------------------------------------------------
  // Good news leaves by itself, unless it holds a way back; bad news waits to be dismissed.
  function settleToasts() {
    document.querySelectorAll("[data-toast]:not([data-settled])").forEach(function (toast) {
      toast.dataset.settled = "";
      if (toast.matches(".toast-error, .toast-warning") || toast.querySelector("a, form")) return;
      var timer;
      function start() { timer = setTimeout(function () { toast.remove(); }, 8000); }
      function stop() { clearTimeout(timer); }
      toast.addEventListener("pointerenter", stop);
      toast.addEventListener("focusin", stop);
      toast.addEventListener("pointerleave", start);
      start();
    });
  }
  document.addEventListener("click", function (event) {
    var close = event.target.closest("[data-toast-close]");
    if (close) close.closest("[data-toast]").remove();
    var print = event.target.closest("[data-print]");
    if (print) {
      document.body.dataset.paper = print.dataset.print;
      window.print();
    }
    if (event.target.closest("[data-connection-close]")) hideConnection();
  });

  // --- One press, one submit ----------------------------------------------------------------------
  // The server already answers a repeated form with the first result; this keeps the desk calm.
  function release(form) {
    delete form.dataset.submitting;
    form.querySelectorAll("[data-busy]").forEach(function (button) {
      delete button.dataset.busy;
      button.disabled = false;
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.target === "_blank") return;
    if ("submitting" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.submitting = "";
    var button = event.submitter;
    // Later, so that the button's own name and value still travel with the form.
    setTimeout(function () {
      if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-delete]")) { release(form); return; }
      if (!button || !("submitting" in form.dataset)) return;
      button.dataset.busy = "";
      button.disabled = true;
    });
  }, true);
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-submitting]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });

  // --- When something did not arrive ----------------------------------------------------------------
  var box = document.getElementById("connection");
  function showConnection(text) {
    // Behind an open dialog nobody would see the banner: say it inside.
    var dialog = document.querySelector("dialog[open]");
    if (dialog) { noteIn(dialog, text); return; }
    if (!box) return;
    box.querySelector("[data-connection-text]").textContent = text;
    box.hidden = false;
  }
  function noteIn(dialog, text) {
    var note = dialog.querySelector("[data-connection-note]");
    if (!note) {
      note = document.createElement("p");
      note.className = "connection connection-note";
      note.setAttribute("role", "alert");
      note.dataset.connectionNote = "";
      var header = dialog.querySelector(".dialog-header");
      if (header) header.after(note); else dialog.prepend(note);
    }
    note.textContent = text;
  }
  function hideConnection() {
    if (box) box.hidden = true;
    document.querySelectorAll("[data-connection-note]").forEach(function (note) { note.remove(); });
  }

  function lost(event) {
    var config = event.detail.requestConfig;
    // A form whose answer was lost may have arrived, also when the network is gone by now. Sending it
    // again is safe, saying "nothing" is not.
    if (config && config.verb !== "get") {
      showConnection("The desk can’t be reached. Try again: what you sent is never counted twice.");
    } else {
      showConnection("The desk can’t be reached. Nothing was saved. Try again.");
    }
  }
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    // A proxy that gave up waiting does not know what became of it.
    if (status === 502 || status === 504) lost(event);
    else if (event.detail.xhr.getResponseHeader("X-Out-Of-Date")) showConnection("Somebody else has taken over since this page was opened. Nothing was saved. Load the page again.");
    else if (status === 403) showConnection("You can’t do that with this login. Nothing was saved. Ask a manager.");
    else if (status === 404) showConnection("That is no longer here. Nothing was saved. Load the page again.");
    else if (status >= 500) showConnection("The desk can’t be reached. Nothing was saved. Try again.");
    else showConnection("That didn’t work. Nothing was saved. Load the page again.");
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.shouldSwap) hideConnection();
  });

  // --- Errors take the focus --------------------------------------------------------------------------
  function focusErrors(root) {
    var summary = root.querySelector("[data-error-summary]") || root.querySelector("[aria-invalid='true']");
    if (summary) summary.focus();
  }

  function ready(root) { settleToasts(); focusErrors(root); }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSettle", function (event) { ready(event.target); });
  if (document.readyState !== "loading") ready(document);
})();
