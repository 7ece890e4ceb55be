// The booking pages work without this. It adds up what is ticked, keeps what was typed in this tab,
// lets one press send one form, looks whether a payment came, and talks with the page around a frame.
(function () {
  "use strict";

  var site = document.body.dataset.site;
  var said = document.querySelector(".error-summary, [data-notice]");
  if (said) said.focus();

  // --- What is ticked comes to so much ------------------------------------------------------------
  var sums = document.querySelector("[data-sums]");
  var picks = Array.prototype.slice.call(document.querySelectorAll("[data-price]"));
  function length(minutes) {
    var hours = Math.floor(minutes / 60), rest = minutes % 60;
    return [hours ? hours + " h" : "", rest ? rest + " min" : ""].filter(Boolean).join(" ");
  }
  var before = sums && sums.innerHTML;
  function tell() {
    // As the page came, the deposit is known too.
    if (picks.every(function (pick) { return pick.checked === pick.defaultChecked; })) { sums.innerHTML = before; return; }
    var on = picks.filter(function (pick) { return pick.checked; });
    var cents = 0, minutes = 0, from = false;
    on.forEach(function (pick) {
      cents += Math.round(parseFloat(pick.dataset.price) * 100);
      minutes += parseInt(pick.dataset.minutes, 10);
      from = from || "from" in pick.dataset;
    });
    var sign = document.querySelector(".row-pick .amount").textContent.replace(/from|[\d.,\s]/g, "");
    var price = document.createElement("strong"), note = document.createElement("span");
    price.className = "amount";
    price.textContent = (from ? "from " : "") + sign + (cents / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",");
    note.className = "sub";
    note.textContent = on.length ? on.length + (on.length === 1 ? " service · " : " services · ") + length(minutes) : "Choose one or more";
    sums.replaceChildren.apply(sums, on.length ? [price, note] : [note]);
  }
  if (sums && picks.length) {
    document.addEventListener("change", tell);
    // Back may bring ticks along that the page did not have.
    window.addEventListener("pageshow", tell);
  }

  // --- What was typed stays in this tab until it is booked ----------------------------------------
  var KEY = "booking-details", form = document.querySelector("form[data-keep]");
  var NAMES = ["first_name", "last_name", "phone", "email", "note"];
  function stored() {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch (e) { return {}; }
  }
  if (form) {
    var kept = stored();
    NAMES.forEach(function (name) {
      var field = form.elements[name];
      if (field && !field.value && kept[name]) field.value = kept[name];
    });
    form.addEventListener("input", function () {
      var now = {};
      NAMES.forEach(function (name) { now[name] = form.elements[name].value; });
      try { sessionStorage.setItem(KEY, JSON.stringify(now)); } catch (e) { /* private window */ }
    });
  }
  if (document.querySelector("[data-done]")) {
    try { sessionStorage.removeItem(KEY); } catch (e) { /* private window */ }
  }

  // --- One press, one form ------------------------------------------------------------------------
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") return;
    if ("sent" in event.target.dataset) { event.preventDefault(); return; }
    event.target.dataset.sent = "";
    if (event.submitter) event.submitter.dataset.busy = "";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-sent]").forEach(function (one) { delete one.dataset.sent; });
    document.querySelectorAll("[data-busy]").forEach(function (one) { delete one.dataset.busy; });
  });

  // --- Back from the card page: what came of it ---------------------------------------------------
  if (document.querySelector("[data-look]")) {
    setTimeout(function () { location.reload(); }, 10000);
  }

  // --- In a frame: the page around it hears Escape, and that this page is there --------------------
  if (site && window.parent !== window) {
    window.parent.postMessage("salon-book:ready", site);
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") window.parent.postMessage("salon-book:close", site);
    });
  }
})();
