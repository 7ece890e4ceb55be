// Who is there: a name, then the PIN. Without this the page is a plain form.
(function () {
  "use strict";
  var box = document.querySelector("[data-pin]");
  var pad = document.querySelector("[data-pin-keypad]");
  if (!box || !pad) return;
  var form = box.form;
  var touched = window.matchMedia("(pointer: coarse)").matches;

  // A thumb has the keypad on the page; the tablet's own would cover the names.
  pad.hidden = !touched;
  if (touched) box.inputMode = "none";

  pad.addEventListener("click", function (event) {
    var key = event.target.closest("[data-digit]");
    if (!key) return;
    if (key.dataset.digit === "back") box.value = box.value.slice(0, -1);
    else if (box.value.length < box.maxLength) box.value += key.dataset.digit;
  });
  form.addEventListener("change", function (event) {
    if (event.target.name === "staff") box.focus();
  });
  if (!document.querySelector("[data-error-summary]")) {
    var chosen = form.querySelector("[name=staff]:checked");
    (chosen ? box : form.querySelector("[name=staff]")).focus();
  }
})();
