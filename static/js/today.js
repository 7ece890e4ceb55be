// Today by keyboard: j and k (or the arrows) go from visit to visit, Enter opens, c checks out,
// i checks in. Everything here is a shorter way to a link or button that stands on the page.
(function () {
  "use strict";
  var typing = "input, textarea, select, [contenteditable]";

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-row-open]")); }
  function rowOf(element) { return element && element.closest ? element.closest("[data-row]") : null; }

  function move(step) {
    var all = rows();
    if (!all.length) return false;
    var now = all.indexOf((rowOf(document.activeElement) || document).querySelector("[data-row-open]"));
    var here = rowOf(document.activeElement) ? now : -1;
    var next = here < 0 ? (step > 0 ? first(all) : all.length - 1) : here + step;
    if (next < 0 || next >= all.length) return true;
    all[next].focus();
    all[next].closest("[data-row]").scrollIntoView({ block: "nearest" });
    return true;
  }
  // The first press goes to the row that an act just came back to, else to the first that is not over.
  function first(all) {
    var target = document.querySelector("[data-row]:target [data-row-open]");
    var index = target ? all.indexOf(target) : all.findIndex(function (link) {
      return !link.closest("[data-row]").classList.contains("is-past");
    });
    return Math.max(index, 0);
  }
  function press(key) {
    var row = rowOf(document.activeElement);
    var button = row && row.querySelector("[data-row-press='" + key + "']");
    if (!button) return false;
    button.click();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(typing) || document.querySelector("dialog[open], details.menu[open]")) return;
    var key = event.key;
    var done = false;
    if (key === "j" || key === "ArrowDown") done = move(1);
    else if (key === "k" || key === "ArrowUp") done = move(-1);
    else if (key === "c" || key === "i") done = press(key);
    if (done) event.preventDefault();
  });

  // A day picked with the pointer shows at once; one that is being typed waits for Enter.
  var picker = document.querySelector("[data-day-picker] input");
  if (picker) {
    var typed = false;
    picker.addEventListener("keydown", function () { typed = true; });
    picker.addEventListener("pointerdown", function () { typed = false; });
    picker.addEventListener("change", function () {
      if (!typed && picker.value) picker.form.requestSubmit();
    });
  }
})();
