// Help with amounts. The server parses and decides; this only shows what is about to be sent.
//
//   input[data-money]                 tidies "40" to "40.00" when it is left
//   [data-set-amount="46.40"]         writes that amount into data-for="input id"
//   [data-keypad="input id"]          a keypad for a thumb
//   form[data-due="114.70"]           with an input[data-tender]: fills [data-change-due] (cash) and
//                                     [data-rest] (what stays open), and names the button
//   button [data-says-full="Charge"]  and data-says-partial="Charge Partial": its words, with
//                                     [data-says-amount] beside them for the amount
//   [data-draws="15.00"]              a row of the order of drawing and the most that it gives; what
//                                     the rows cannot give stands in [data-draws-rest]
//   button[data-has="20.00"]          its words by how much is credit and how much is owed
//
// The sign of the currency is the one that stands before the form's boxes. Other scripts find what
// they need of this in window.amounts.
(function () {
  "use strict";

  // Whole cents from what was typed; null when it is no amount. No floats: digits only.
  function cents(text) {
    var match = /^\s*\$?\s*(\d{1,9}(?:,\d{3})*)?(?:\.(\d{0,2}))?\s*$/.exec(text || "");
    if (!match || (match[1] === undefined && !match[2])) return null;
    return Number((match[1] || "0").replace(/,/g, "")) * 100 + Number(((match[2] || "") + "00").slice(0, 2));
  }
  function plain(value) {
    return String(Math.floor(value / 100)) + "." + String(value % 100).padStart(2, "0");
  }
  function money(value, sign) {
    return sign + plain(value).replace(/\B(?=(\d{3})+\.)/g, ",");
  }

  function signOf(form) {
    var box = form.querySelector(".affix-sign");
    return box ? box.textContent : "$";
  }

  function tell(form) {
    var input = form.querySelector("[data-tender]");
    if (!input) return;
    var sign = signOf(form);
    var due = cents(form.dataset.due) || 0;
    var most = form.dataset.most === undefined ? null : cents(form.dataset.most);
    var given = cents(input.value);
    var taken = given === null ? null : Math.min(given, due);
    fill(form, "[data-change-due]", given === null ? "–" : money(Math.max(given - due, 0), sign));
    fill(form, "[data-rest]", given === null ? "–" : money(Math.max(due - given, 0), sign));
    fill(form, "[data-says-amount]", taken === null ? "" : money(taken, sign));
    form.querySelectorAll("[data-says-full]").forEach(function (words) {
      var partial = given !== null && given < due;
      words.textContent = partial ? words.dataset.saysPartial : words.dataset.saysFull;
    });
    draw(form, taken, sign);
    form.querySelectorAll("[data-too-much]").forEach(function (note) {
      note.hidden = most === null || given === null || given <= most;
    });
  }
  // Each row gives what it can, from the top; what is left over is owed, where that is possible.
  function draw(form, taken, sign) {
    var left = taken === null ? 0 : taken;
    form.querySelectorAll("[data-draws]").forEach(function (row) {
      var part = Math.min(left, cents(row.dataset.draws) || 0);
      left -= part;
      show(row, part, sign);
    });
    var rest = form.querySelector("[data-draws-rest]");
    if (rest) show(rest, left, sign);
    var button = form.querySelector("[data-has]");
    if (!button) return;
    var owed = rest && taken ? Math.max(taken - cents(button.dataset.has), 0) : 0;
    var own = (taken || 0) - owed;
    var words = owed === 0 ? button.dataset.saysOwn : own === 0 ? button.dataset.saysOwed : button.dataset.saysBoth;
    button.textContent = words.replace("{own}", money(own, sign)).replace("{owed}", money(owed, sign));
  }
  function show(row, part, sign) {
    row.hidden = part === 0;
    fill(row, "[data-draws-amount]", money(part, sign));
  }
  function fill(form, selector, text) {
    form.querySelectorAll(selector).forEach(function (place) { place.textContent = text; });
  }
  function typed(input) { input.dispatchEvent(new Event("input", { bubbles: true })); }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.due !== undefined) tell(form);
  });
  document.addEventListener("focusout", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("[data-money], input.money") || !input.value.trim()) return;
    var value = cents(input.value);
    if (value !== null) input.value = plain(value);
  });
  document.addEventListener("click", function (event) {
    var set = event.target.closest("[data-set-amount]");
    if (set) {
      var input = document.getElementById(set.dataset.for);
      input.value = set.dataset.setAmount;
      typed(input);
      return;
    }
    var key = event.target.closest("[data-keypad] [data-key]");
    if (key) press(document.getElementById(key.closest("[data-keypad]").dataset.keypad), key.dataset.key);
  });

  // Digits run in from the right, as on a till: 4, 0, 0, 0 is 40.00. The first press replaces what stood there.
  function press(input, key) {
    var fresh = !("pressed" in input.dataset);
    var digits = fresh ? "" : input.value.replace(/\D/g, "");
    input.dataset.pressed = "";
    digits = key === "back" ? digits.slice(0, -1) : digits + key;
    input.value = plain(Number(digits.slice(-9) || "0"));
    typed(input);
  }

  function ready() {
    document.querySelectorAll("form[data-due]").forEach(tell);
    if (!window.matchMedia("(pointer: coarse)").matches) return;
    document.querySelectorAll("[data-keypad]").forEach(function (pad) {
      var input = document.getElementById(pad.dataset.keypad);
      if (input) input.inputMode = "none";
    });
  }
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:afterSettle", ready);

  window.amounts = { cents: cents, plain: plain, money: money, fill: fill, typed: typed };
})();
