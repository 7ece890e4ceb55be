// Self checkout: the button says what is paid, tip included. It works without this.
(function () {
  "use strict";

  var form = document.querySelector(".self[method='post']");
  if (!form) return;
  var button = form.querySelector("[data-amount]");
  var own = form.querySelector("#id_own_tip");
  var sign = form.querySelector("[data-pays]").textContent.replace(/[\d.,\s]/g, "");

  function tip() {
    var chosen = form.querySelector("[name='choice']:checked");
    if (!chosen) return 0;
    return chosen.value === "own" ? window.amounts.cents(own.value) || 0 : window.amounts.cents(chosen.dataset.tip) || 0;
  }
  function tell() {
    var chosen = form.querySelector("[name='choice']:checked");
    var box = form.querySelector("#own-tip");
    if (box) box.hidden = !(chosen && chosen.value === "own");
    var cents = window.amounts.cents(button.dataset.amount) + tip();
    form.querySelector("[data-pays]").textContent = window.amounts.money(cents, sign);
  }
  form.addEventListener("change", function (event) {
    tell();
    if (event.target.value === "own" && event.target.checked) own.focus();
  });
  form.addEventListener("input", tell);
  tell();
})();
