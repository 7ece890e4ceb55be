// The order page. It works without this; this keeps hands and eyes where they are.
//
//   [data-filter="id"]            an input that filters the [data-filter-item]s inside #id; its groups are
//                                 buttons [data-group] inside [data-filter-groups="id"]
//   [data-list="id"]              an input whose options are the buttons inside #id
//   [data-step="1"]               adds to the number in data-for="input id"
//   [data-set-exact="input id"]   writes that input's amount into data-for="input id"
//   [data-key-press="enter"]      what Enter presses while nothing has the focus
//   [data-key-says]               what a key does, for the sheet of shortcuts
//   [data-then-set], [data-then-get]   what happens with a client who was added in the dialog
//   [data-then-back]              the sheet that follows once a card was kept in the dialog
(function () {
  "use strict";

  function byId(id) { return document.getElementById(id); }
  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function isShown(element) { return element.getClientRects().length > 0; }

  // --- Lists: type, then arrows, then Enter ---------------------------------------------------------
  function filter(input) {
    var list = byId(input.dataset.filter);
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    var pressed = document.querySelector("[data-filter-groups='" + list.id + "'] [aria-pressed='true']");
    var group = pressed ? pressed.dataset.group : "";
    var found = 0;
    all(list, "[data-filter-group]").forEach(function (section) {
      var inGroup = !group || section.dataset.filterGroup === group;
      var here = 0;
      all(section, "[data-filter-item]").forEach(function (item) {
        var fits = inGroup && words.every(function (word) { return item.dataset.filterItem.indexOf(word) >= 0; });
        item.hidden = !fits;
        if (fits) here += 1;
      });
      section.hidden = !here;
      found += here;
    });
    all(list, "[data-filter-none]").forEach(function (none) { none.hidden = found > 0; });
  }
  function options(input) {
    var list = byId(input.dataset.filter || input.dataset.list);
    return all(list, "button.option").filter(isShown);
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset.filter) filter(event.target);
  });
  // A list that was drawn anew shows what was being looked for.
  document.addEventListener("htmx:afterSettle", function (event) {
    var input = event.target.id && document.querySelector("[data-filter='" + event.target.id + "']");
    if (input) filter(input);
  });
  document.addEventListener("click", function (event) {
    var group = event.target.closest("[data-filter-groups] [data-group]");
    if (!group) return;
    var groups = group.closest("[data-filter-groups]");
    all(groups, "[data-group]").forEach(function (other) { other.setAttribute("aria-pressed", String(other === group)); });
    filter(document.querySelector("[data-filter='" + groups.dataset.filterGroups + "']"));
  });
  document.addEventListener("keydown", function (event) {
    var input = event.target.closest("[data-filter], [data-list]");
    if (input && event.key === "ArrowDown") {
      var first = options(input)[0];
      if (first) { event.preventDefault(); first.focus(); }
    } else if (input && input.dataset.filter && event.key === "Enter") {
      // A form's own first button would be the first of all, shown or not.
      event.preventDefault();
      var shown = options(input);
      if (input.value.trim() && shown.length) shown[0].click();
    } else if (event.target.matches("button.option") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      var dialog = event.target.closest("form");
      var box = dialog.querySelector("[data-filter], [data-list]");
      if (!box) return;
      event.preventDefault();
      var row = options(box);
      var next = row[row.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      (next || (event.key === "ArrowUp" ? box : event.target)).focus();
    }
  });

  // --- A link to hand on: [data-copy="id"] copies the text of that element ------------------------------
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(byId(button.dataset.copy).textContent.trim()).then(function () {
      button.textContent = button.dataset.says;
      if (byId("announce")) byId("announce").textContent = button.dataset.says;
    });
  });

  // --- Numbers ---------------------------------------------------------------------------------------
  var typed = window.amounts.typed; // money.js comes first, on every page of the desk.
  document.addEventListener("click", function (event) {
    var step = event.target.closest("[data-step]");
    if (step) {
      var count = byId(step.dataset.for);
      count.value = String(Math.min(999, Math.max(1, (parseInt(count.value, 10) || 1) + Number(step.dataset.step))));
      typed(count);
    }
    var exact = event.target.closest("[data-set-exact]");
    if (exact) {
      byId(exact.dataset.for).value = byId(exact.dataset.setExact).value;
      typed(byId(exact.dataset.for));
    }
  });
  // Cash against a part: what is due to be given is that part. Before money.js reads it.
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || event.target.id !== "id_amount" || !form.querySelector("#id_given")) return;
    if (/^\s*\$?\s*[\d,]+(\.\d{0,2})?\s*$/.test(event.target.value)) form.dataset.due = event.target.value;
  }, true);

  // --- Keys --------------------------------------------------------------------------------------------
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.target === document.body || event.target.id === "main")) {
      var main = document.querySelector("[data-key-press='enter']");
      if (main) { event.preventDefault(); main.click(); }
    } else if (event.key === "Escape" && byId("panel-back")) {
      byId("panel-back").click();
    }
  });
  // The sheet of shortcuts lists what this page's buttons say.
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-dialog='shortcuts']")) return;
    var list = document.querySelector("#shortcuts .shortcuts");
    all(list, "[data-of-page]").forEach(function (row) { row.remove(); });
    all(document, "[data-key-press]").forEach(function (button) {
      var says = button.dataset.keySays || button.textContent.trim();
      var row = document.createElement("div");
      row.dataset.ofPage = "";
      row.appendChild(document.createElement("dt")).textContent = says;
      var key = row.appendChild(document.createElement("dd")).appendChild(document.createElement("kbd"));
      key.textContent = button.dataset.keyPress === "enter" ? "Enter" : button.dataset.keyPress;
      list.appendChild(row);
    });
  }, true);

  // --- Another client was added in the dialog ------------------------------------------------------------
  var then = null;
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-then-set], [data-then-get]");
    if (!link) return;
    var amount = byId("id_amount");
    then = { get: link.dataset.thenGet, amount: amount ? amount.value : "" };
  });
  document.addEventListener("client-chosen", function (event) {
    var chosen = event.detail.id;
    if (then && then.get) {
      var query = "?client=" + encodeURIComponent(chosen) + "&amount=" + encodeURIComponent(then.amount);
      window.htmx.ajax("GET", then.get + query, "#sheet");
    } else {
      var form = byId("set-client");
      form.elements.client.value = chosen;
      form.requestSubmit();
    }
    then = null;
  });

  // --- A card was asked for in the dialog: [data-then-back] is the sheet to come back to once it is kept ---
  var returns = "";
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-then-back]");
    if (link) returns = link.dataset.thenBack;
  });
  document.addEventListener("close-sheet", function () {
    if (returns) window.htmx.ajax("GET", returns, "#sheet");
    returns = "";
  });
  // Closed by hand it is not wanted any more.
  document.addEventListener("close", function () { returns = ""; }, true);

  // --- After the sale was swapped: the panel stays as it was, the focus finds its place ------------------
  var held = "";
  document.addEventListener("htmx:beforeRequest", function (event) {
    // Nobody looks at a hidden page; and a question that is under way may not disturb a payment.
    if (event.target.id === "watch" && (document.hidden || document.querySelector("form[data-submitting]"))) event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[hx-target='#sheet'][id]");
    if (opener && !opener.closest("dialog")) held = opener.id;
  });
  function settle(event) {
    var pay = byId("pay");
    if (!pay) return;
    document.body.classList.toggle("has-open-panel", pay.classList.contains("is-open"));
    if (document.querySelector("dialog[open]")) return;
    // A panel that was just opened takes the focus; else only a focus that is gone finds a new place.
    var opened = event && event.target.id === "tendering";
    var lost = document.activeElement === document.body || !document.activeElement;
    if (!opened && !lost) return;
    var next = byId("close-sale") || pay.querySelector("[aria-invalid='true'], [data-tender], [autofocus]") || byId(held);
    if (next && isShown(next)) { next.focus(); if (next.select) next.select(); }
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var pay = byId("pay");
    event.detail.wasOpen = Boolean(pay && pay.classList.contains("is-open"));
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var pay = byId("pay");
    if (!pay) return;
    // The light question knows of no bar that was opened by hand.
    var asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (asked && asked.id === "watch" && event.detail.wasOpen && !pay.classList.contains("is-open")) open(pay);
    var sale = byId("sale");
    if (sale && sale.dataset.say && byId("announce")) {
      byId("announce").textContent = sale.dataset.say + " " + pay.querySelector(".remaining").textContent.replace(/\s+/g, " ");
      sale.dataset.say = "";
    }
  });
  function open(pay) {
    pay.classList.add("is-open");
    all(pay, "[data-panel-toggle]").forEach(function (toggle) { toggle.setAttribute("aria-expanded", "true"); });
  }
  document.addEventListener("htmx:afterSettle", settle);
  // A list that a thumb scrolls is not covered by an on-screen keyboard; who has keys types at once.
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id !== "sheet" || !window.matchMedia("(pointer: fine)").matches) return;
    var box = event.target.querySelector("[data-focus-keys]");
    if (box && !event.target.querySelector("[data-error-summary]")) box.focus();
  });
  document.addEventListener("close", function () { setTimeout(settle); }, true);
  document.addEventListener("DOMContentLoaded", function () {
    // A sheet that the address asks for opens once, not again with every reload.
    if (/[?&]open=/.test(location.search)) history.replaceState(null, "", location.pathname + location.hash);
    // Coming from Check out, a phone has the payments open: that is a touch less for most visits.
    var pay = location.hash === "#pay" && byId("pay");
    if (pay && window.matchMedia("(max-width: 819.98px)").matches) open(pay);
    settle();
  });
})();
