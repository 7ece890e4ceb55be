// Moving a visit in the book. With the pointer: drag it, on glass after a long press. With keys: m picks it
// up, arrows carry it, Enter drops it, Escape gives up. The server decides, and says why not.
(function () {
  "use strict";
  var on = window.salonBook;
  var STEP = 3, LONG = 400, SLACK = 6;
  var carry = null, press = null;
  var drop = document.createElement("div");
  drop.className = "drop";
  drop.setAttribute("aria-hidden", "true");
  var hint = document.createElement("p");
  hint.className = "carry-hint";
  hint.innerHTML = "<kbd>↑</kbd> <kbd>↓</kbd> 15 minutes · <kbd>←</kbd> <kbd>→</kbd> next column · <kbd>Enter</kbd> drops · <kbd>Esc</kbd> leaves it";

  // --- What is carried ----------------------------------------------------------------------------
  function begin(card, byKeys) {
    var columns = on.all("[data-column]");
    var column = columns.indexOf(card.closest("[data-column]"));
    var row = Math.round((card.dataset.starts - columns[column].dataset.first) / 300);
    carry = { card: card, columns: columns, column: column, row: row, from: { column: column, row: row }, rows: +card.dataset.rows, byKeys: byKeys };
    card.classList.add("is-moving");
    on.frame().classList.add("is-carrying");
    document.body.classList.add("has-carry");
    if (byKeys) document.body.append(hint);
    show();
  }
  function start() { return +carry.columns[carry.column].dataset.first + carry.row * 300; }
  function where() {
    return on.clockTime(start()) + (carry.columns.length > 1 ? ", " + carry.columns[carry.column].dataset.title : "");
  }
  function show() {
    var lane = carry.columns[carry.column].querySelector("[data-lane]");
    drop.style.gridRow = carry.row + 1 + " / span " + carry.rows;
    drop.replaceChildren();
    var time = document.createElement("strong");
    time.textContent = on.clockTime(start());
    drop.append(time, carry.card.dataset.name);
    if (drop.parentNode !== lane) lane.append(drop);
    if (carry.byKeys) drop.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function to(column, row) {
    var rows = Math.round(carry.columns[0].querySelector("[data-lane]").clientHeight / on.rowPixels());
    column = Math.max(0, Math.min(column, carry.columns.length - 1));
    row = Math.max(0, Math.min(row, rows - carry.rows));
    if (column === carry.column && row === carry.row) return;
    carry.column = column;
    carry.row = row;
    show();
    if (carry.byKeys) on.say(where());
  }
  function put() {
    var card = carry.card;
    carry = null;
    drop.remove();
    hint.remove();
    card.classList.remove("is-moving");
    on.frame().classList.remove("is-carrying");
    document.body.classList.remove("has-carry");
    return card;
  }
  function letGo() {
    var wasMoved = carry.column !== carry.from.column || carry.row !== carry.from.row;
    if (!wasMoved) { giveUp(); return; }
    var values = { start: new Date((start() - carry.card.dataset.shift) * 1000).toISOString(), seen: carry.card.dataset.seen, back: "book" };
    var staff = carry.columns[carry.column].dataset.staff;
    if (staff !== carry.columns[carry.from.column].dataset.staff) {
      carry.card.dataset.segments.split(",").forEach(function (id) { values["staff-" + id] = staff; });
    }
    var card = put();
    card.classList.add("is-waiting");
    card.focus({ preventScroll: true });
    window.htmx.ajax("POST", card.dataset.move, { source: "#book", target: "#book", swap: "outerHTML", values: values })
      .finally(function () { card.classList.remove("is-waiting"); });
  }
  function giveUp() {
    var byKeys = carry.byKeys;
    var card = put();
    if (byKeys) { card.focus(); on.say("Left where it was."); }
  }

  // --- By keys --------------------------------------------------------------------------------------
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!carry) {
      var card = event.key === "m" && event.target.closest && event.target.closest("[data-move]");
      if (!card || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      begin(card, true);
      on.say(card.dataset.name + " picked up, " + where() + ". Arrows carry, Enter drops, Escape leaves it.");
      return;
    }
    var key = event.key;
    if (key === "Tab") { giveUp(); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") giveUp();
    else if (!carry.byKeys) return;
    else if (key === "ArrowDown") to(carry.column, carry.row + STEP);
    else if (key === "ArrowUp") to(carry.column, carry.row - STEP);
    else if (key === "ArrowRight") to(carry.column + 1, carry.row);
    else if (key === "ArrowLeft") to(carry.column - 1, carry.row);
    else if (key === "Enter" || key === " " || key === "m") letGo();
  }, true);

  // --- By pointer -------------------------------------------------------------------------------------
  document.addEventListener("pointerdown", function (event) {
    var card = event.target.closest && event.target.closest("[data-move]");
    if (!card || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (carry) { giveUp(); return; }
    press = { card: card, x: event.clientX, y: event.clientY, grip: event.clientY - card.getBoundingClientRect().top, isTouch: event.pointerType === "touch" };
    if (press.isTouch) press.timer = setTimeout(lift, LONG);
  });
  function lift() {
    if (!press || !press.card.isConnected) return;
    begin(press.card, false);
    if (press.isTouch && navigator.vibrate) navigator.vibrate(12);
  }
  document.addEventListener("pointermove", function (event) {
    if (!press) return;
    var far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLACK;
    if (!carry && press.isTouch) { if (far) forget(); return; }
    if (!carry && far) lift();
    if (!carry) return;
    event.preventDefault();
    press.at = { x: event.clientX, y: event.clientY };
    follow();
    if (!press.rolls) { press.rolls = true; requestAnimationFrame(roll); }
  });
  function follow() {
    var column = carry.columns.findIndex(function (one) { return press.at.x < one.getBoundingClientRect().right; });
    if (column < 0) column = carry.columns.length - 1;
    var lane = carry.columns[column].querySelector("[data-lane]");
    // The middle of a quarter decides, not its edge.
    to(column, on.rowAt(lane, press.at.y + (STEP * on.rowPixels()) / 2, press.grip));
  }
  // Near an edge of the frame the book rolls on.
  function roll() {
    if (!carry || !press || !press.at) { if (press) press.rolls = false; return; }
    var box = on.frame().getBoundingClientRect();
    var edge = 48, head = 64;
    var dx = press.at.x > box.right - edge ? 10 : press.at.x < box.left + edge + head ? -10 : 0;
    var dy = press.at.y > box.bottom - edge ? 10 : press.at.y < box.top + head + edge / 2 ? -10 : 0;
    if (dx || dy) { on.frame().scrollBy(dx, dy); follow(); }
    requestAnimationFrame(roll);
  }
  function forget() {
    if (press) clearTimeout(press.timer);
    press = null;
  }
  document.addEventListener("pointerup", function () {
    forget();
    if (!carry || carry.byKeys) return;
    // The press that ends a drag opens nothing.
    document.addEventListener("click", swallow, true);
    setTimeout(function () { document.removeEventListener("click", swallow, true); }, 60);
    letGo();
  });
  function swallow(event) { event.preventDefault(); event.stopImmediatePropagation(); }
  document.addEventListener("pointercancel", function () {
    forget();
    if (carry && !carry.byKeys) giveUp();
  });
  document.addEventListener("touchmove", function (event) { if (carry) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", function (event) { if (carry || (press && press.isTouch)) event.preventDefault(); });
  document.addEventListener("dragstart", function (event) { if (event.target.closest && event.target.closest(".book")) event.preventDefault(); });
})();
