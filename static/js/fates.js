// The deposit's part of a sheet. The server parses and decides; this only shows what is about to
// be sent.
//
//   [data-fates]              the part; data-held="30.00"
//   input[data-outcome]       a choice: what the form's button repeats; data-told: what is told
//   button[data-says=""]      says nothing but the outcome
//   input[data-fate-part]     a part of a split; [data-fate-sum] says what is missing
//   [data-fate-fee]           [data-fate-rest] says what the deposit leaves of the fee, and who pays
(function () {
  "use strict";

  function cents(text) {
    return window.amounts ? window.amounts.cents(text) : null;
  }
  function money(value, part) {
    var box = part.querySelector(".affix-sign");
    return window.amounts.money(value, box ? box.textContent : "$");
  }
  function chosen(part) {
    return part.querySelector("input[name='fate-how']:checked");
  }
  function parts(part) {
    return Array.from(part.querySelectorAll("input[data-fate-part]"));
  }

  function tellSum(part) {
    var note = part.querySelector("[data-fate-sum]");
    if (!note) return;
    var held = cents(part.dataset.held) || 0;
    var sum = parts(part).reduce(function (so, input) { return so + (cents(input.value) || 0); }, 0);
    var open = held - sum;
    note.textContent = open === 0 ? "The parts add up to " + money(held, part) + "."
      : money(Math.abs(open), part) + (open > 0 ? " is left to place." : " too much.");
    note.classList.toggle("red", open !== 0);
  }

  // What is forfeited as things are chosen now.
  function forfeited(part) {
    var choice = chosen(part);
    if (!choice) return 0;
    if (choice.value === "forfeited") return cents(part.dataset.held) || 0;
    if (choice.value !== "split") return 0;
    var input = part.querySelector("input[data-fate-part='forfeited']");
    return (input && cents(input.value)) || 0;
  }
  function tellFee(part) {
    var box = part.querySelector("[data-fate-fee]");
    var fee = part.querySelector("input[name='fate-fee']");
    if (!box || !fee) return;
    var all = cents(fee.value);
    if (all === null) return;
    var rest = Math.max(all - forfeited(part), 0);
    box.querySelector("[data-fate-rest]").textContent =
      all === 0 ? "No fee is charged."
        : rest === 0 ? "The deposit covers it."
          : money(rest, part) + ": " + box.dataset.restPaid + ".";
  }

  // What the deposit leaves of the fee, for the button: charge $34.00.
  function tellRest(part, fee) {
    var all = fee ? cents(fee.value) : 0;
    var rest = Math.max((all || 0) - forfeited(part), 0);
    return rest ? [part.querySelector("[data-fate-fee]").dataset.restVerb + " " + money(rest, part)] : [];
  }
  function tellButton(part) {
    var choice = chosen(part);
    var form = part.closest("form");
    var button = form && form.querySelector(".form-actions button.button:not(.button-quiet)");
    var fee = part.querySelector("input[name='fate-fee']");
    if (!button || !(choice || fee)) return;
    var outcome = (choice ? [choice.dataset.outcome] : []).concat(tellRest(part, fee)).join(", ");
    if (button.dataset.says === undefined) button.dataset.says = button.textContent.trim();
    if (!outcome) button.textContent = button.dataset.says;
    else button.textContent = button.dataset.says ? button.dataset.says + ", " + outcome
      : outcome.charAt(0).toUpperCase() + outcome.slice(1);
  }
  function tellClient(part) {
    var words = part.querySelector("textarea[name='fate-told']");
    var choice = chosen(part);
    if (!words || !choice) return;
    var known = Array.from(part.querySelectorAll("input[data-told]")).map(function (one) {
      return one.dataset.told;
    });
    // Words of the desk's own stay.
    if (choice.dataset.told && known.indexOf(words.value) >= 0) words.value = choice.dataset.told;
  }

  function tell(part) {
    tellSum(part);
    tellFee(part);
    tellButton(part);
    tellClient(part);
  }
  function tellAll(root) {
    root.querySelectorAll("[data-fates]").forEach(tell);
  }

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var part = event.target.closest && event.target.closest("[data-fates]");
      if (part) tell(part);
    });
  });
  document.addEventListener("htmx:load", function (event) { tellAll(event.target); });
  document.addEventListener("DOMContentLoaded", function () { tellAll(document); });
})();
