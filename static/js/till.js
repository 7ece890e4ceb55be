// Counting a till: sums up notes and coins, and says what is over or short before it is sent.
// The server counts again; without this the pages work by the total.
//
//   form[data-count]          with data-expected (minor units) where a till is closed, data-sign
//   input[data-piece="2000"]  how many of these; [data-makes="its id"] shows what they make
//   input[data-counted]       the total; input[data-left-in]: what stays
//   form[data-moves="$"]      cash moved by hand: its button's [data-says-typed] says how much
(function () {
  "use strict";

  // money.js comes before it on every page of a till.
  var cents = window.amounts.cents, plain = window.amounts.plain;
  var money = window.amounts.money, fill = window.amounts.fill;

  // What notes and coins make; null while none is filled in or one is no number.
  function made(form) {
    var sum = 0, filled = false, wrong = false;
    form.querySelectorAll("[data-piece]").forEach(function (input) {
      var text = input.value.trim();
      var number = /^\d{1,4}$/.test(text) ? Number(text) : null;
      var makes = number === null ? null : number * Number(input.dataset.piece);
      fill(form, "[data-makes='" + input.id + "']", makes === null ? "–" : money(makes, form.dataset.sign));
      if (text) filled = true;
      if (text && number === null) wrong = true;
      sum += makes || 0;
    });
    return filled && !wrong ? sum : null;
  }

  function tell(form) {
    var sign = form.dataset.sign;
    var counted = cents(form.querySelector("[data-counted]").value);
    fill(form, "[data-says-counted]", counted === null ? "this float" : money(counted, sign));
    if (form.dataset.expected === undefined) return;
    var over = counted === null ? null : counted - Number(form.dataset.expected);
    var word = over === null ? "Over or short" : over === 0 ? "Right" : over > 0 ? "Over" : "Short";
    var box = form.querySelector("[data-over]");
    box.classList.toggle("is-right", over === 0);
    box.classList.toggle("is-over", over > 0);
    box.classList.toggle("is-short", over < 0);
    fill(form, "[data-over-word]", word);
    fill(form, "[data-over-amount]", over === null ? "–" : money(Math.abs(over), sign));
    fill(form, "[data-says-over]", over ? money(Math.abs(over), sign) + " " + word.toLowerCase() : "");
    var stays = cents(form.querySelector("[data-left-in]").value);
    var safe = counted === null || stays === null ? null : counted - stays;
    fill(form, "[data-to-safe]", safe === null || safe < 0 ? "–" : money(safe, sign));
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.moves !== undefined && event.target.matches("[data-money]")) {
      var typed = cents(event.target.value);
      fill(form, "[data-says-typed]", typed ? money(typed, form.dataset.moves) : "");
    }
    if (!form || form.dataset.count === undefined) return;
    if (event.target.matches("[data-piece]")) {
      var sum = made(form);
      form.querySelector("[data-counted]").value = sum === null ? "" : plain(sum);
    }
    tell(form);
  });
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-count]").forEach(function (form) { made(form); tell(form); });
  });
})();
