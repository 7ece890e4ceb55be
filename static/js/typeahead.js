// Keys for every search box (components/search_box.html): arrows choose, Enter opens, Escape closes.
// htmx brings the options; this keeps focus in the box and tells a screen reader what is chosen.
(function () {
  "use strict";
  var BOX = "input[role='combobox']";

  function list(box) { return document.getElementById(box.getAttribute("aria-controls")); }
  function options(box) {
    return Array.prototype.slice.call(list(box).querySelectorAll("[role='option']:not([aria-disabled='true'])"));
  }
  function show(box, on) {
    var filled = list(box).childElementCount > 0;
    list(box).hidden = !(on && filled);
    box.setAttribute("aria-expanded", String(on && filled));
    if (!on) choose(box, -1);
  }
  function choose(box, index) {
    var all = options(box);
    all.forEach(function (option, i) {
      option.id = option.id || list(box).id + "-" + i;
      option.setAttribute("aria-selected", String(i === index));
    });
    if (all[index]) {
      box.setAttribute("aria-activedescendant", all[index].id);
      all[index].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }
  function chosen(box) {
    return options(box).findIndex(function (option) { return option.getAttribute("aria-selected") === "true"; });
  }

  document.addEventListener("keydown", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches(BOX)) return;
    var all = options(box);
    var now = chosen(box);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      show(box, true);
      var next = event.key === "ArrowDown" ? now + 1 : (now < 0 ? all.length : now) - 1;
      choose(box, (next + all.length) % all.length);
    } else if (event.key === "Enter" && all[now] && !list(box).hidden) {
      event.preventDefault();
      all[now].click();
    } else if (event.key === "Escape" && !list(box).hidden) {
      event.preventDefault();
      show(box, false);
    }
  });
  // A press moves the focus before it is a click. Where the list stands in the page's flow, closing it
  // then would pull what is pressed from under the finger: a press closes the list when it has landed.
  var pressing = false;
  document.addEventListener("pointerdown", function () { pressing = true; }, true);
  document.addEventListener("keydown", function () { pressing = false; }, true);
  document.addEventListener("focusin", function (event) {
    document.querySelectorAll(BOX).forEach(function (box) {
      var mine = event.target === box || list(box).contains(event.target);
      if (!mine && !pressing) show(box, false);
      else if (mine && event.target === box && box.value) show(box, true);
    });
  });
  document.addEventListener("click", function (event) {
    pressing = false;
    document.querySelectorAll(BOX).forEach(function (box) {
      if (event.target !== box && !list(box).contains(event.target)) show(box, false);
    });
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var box = document.querySelector(BOX + "[aria-controls='" + event.detail.target.id + "']");
    if (!box) return;
    show(box, Boolean(box.value) && document.activeElement === box);
    choose(box, -1);
    var count = options(box).length;
    var voice = document.getElementById("announce");
    if (voice) voice.textContent = count === 1 ? "1 result" : count + " results";
  });
})();
