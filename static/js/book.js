// The book: arrows go from visit to visit, free time takes a new visit where it is pressed, tabs lead to
// columns on a phone, and the page draws itself anew without taking the focus. Moving: book_moving.js.
(function () {
  "use strict";
  var typing = "input, textarea, select, [contenteditable]";
  var MINUTES = 15;

  function book() { return document.getElementById("book"); }
  function frame() { return document.querySelector("[data-book-frame]"); }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function rowPixels() { return parseFloat(getComputedStyle(book()).getPropertyValue("--row")) || 8; }
  function canEdit() { return book() && book().dataset.canEdit; }
  function say(text) {
    var voice = document.getElementById("book-voice");
    if (voice) { voice.textContent = ""; voice.textContent = text; }
  }
  // A moment, in seconds, as the clock at the location shows it: 3:15 pm.
  function clockTime(seconds) {
    var told = new Date(seconds * 1000).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: book().dataset.zone });
    return told.replace(/\s?([AP])M/, function (_, half) { return " " + half.toLowerCase() + "m"; });
  }
  function secondsAt(lane, clientY, before) {
    var row = (clientY - (before || 0) - lane.getBoundingClientRect().top) / rowPixels();
    var step = MINUTES / 5;
    return Math.max(0, Math.floor(row / step) * step);
  }
  window.salonBook = { book: book, frame: frame, all: all, rowPixels: rowPixels, say: say, clockTime: clockTime, canEdit: canEdit, rowAt: secondsAt };

  // --- From visit to visit ------------------------------------------------------------------------
  function stops(column) {
    return all("[data-stop]", column).map(function (stop) {
      return { stop: stop, top: stop.getBoundingClientRect().top };
    }).sort(function (a, b) { return a.top - b.top; });
  }
  function go(stop) {
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function inColumn(stop, step) {
    var list = stops(stop.closest("[data-column]"));
    var next = list[list.findIndex(function (one) { return one.stop === stop; }) + step];
    if (next) go(next.stop);
  }
  function toColumn(stop, step) {
    var columns = all("[data-column]");
    var top = stop.getBoundingClientRect().top;
    for (var i = columns.indexOf(stop.closest("[data-column]")) + step; columns[i]; i += step) {
      var list = stops(columns[i]);
      list.sort(function (a, b) { return Math.abs(a.top - top) - Math.abs(b.top - top); });
      if (list.length) { go(list[0].stop); return; }
    }
  }
  // Where the arrows begin: the visit that an act came back to, else the first that is still ahead.
  function enter() {
    var target = document.querySelector(".visit:target");
    var ahead = all(".visit[data-starts]").filter(function (card) { return +card.dataset.starts >= +book().dataset.now; });
    ahead.sort(function (a, b) { return a.dataset.starts - b.dataset.starts; });
    var first = target || ahead[0] || document.querySelector("[data-stop]");
    if (first) go(first);
    return Boolean(first);
  }
  function addHere(stop) {
    if (!canEdit()) return false;
    if (stop.matches("[data-gap]")) { stop.click(); return true; }
    var column = stop.closest("[data-column]");
    var list = stops(column).map(function (one) { return one.stop; });
    var gap = list.slice(list.indexOf(stop)).find(function (one) { return one.matches("[data-gap]"); });
    (gap || column.querySelector(".book-add")).click();
    return true;
  }
  // Before the frame's own keys: n is a new sale elsewhere.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !book()) return;
    if (event.target.closest(typing) || document.querySelector("dialog[open], details.menu[open]")) return;
    if (document.body.classList.contains("has-carry")) return;
    var stop = event.target.closest("[data-stop]");
    var nowhere = event.target === document.body || event.target.id === "main";
    var done = true;
    if (stop && event.key === "ArrowDown") inColumn(stop, 1);
    else if (stop && event.key === "ArrowUp") inColumn(stop, -1);
    else if (stop && event.key === "ArrowRight") toColumn(stop, 1);
    else if (stop && event.key === "ArrowLeft") toColumn(stop, -1);
    else if (nowhere && /^Arrow/.test(event.key)) done = enter();
    else if (stop && event.key === "n") done = addHere(stop);
    else done = false;
    if (done) event.preventDefault();
  }, true);

  // In a visit's sheet: i checks in, c checks out.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
    var button = /^[ic]$/.test(event.key) && document.querySelector("#sheet[open] [data-sheet-press='" + event.key + "']");
    if (button) { event.preventDefault(); button.click(); }
  });

  // --- A new visit where one presses ------------------------------------------------------------------
  var ghost = document.createElement("div");
  ghost.className = "slot";
  ghost.setAttribute("aria-hidden", "true");
  function laneUnder(event) {
    var lane = event.target.closest && event.target.closest("[data-lane]");
    return lane && canEdit() && !event.target.closest(".visit") && !document.body.classList.contains("has-carry") ? lane : null;
  }
  function startAt(lane, row) { return +lane.closest("[data-column]").dataset.first + row * 300; }
  document.addEventListener("pointermove", function (event) {
    if (event.pointerType !== "mouse") return;
    var lane = laneUnder(event);
    if (!lane) { ghost.remove(); return; }
    var row = secondsAt(lane, event.clientY);
    ghost.style.gridRow = row + 1 + " / span 3";
    ghost.textContent = "+ " + clockTime(startAt(lane, row));
    if (ghost.parentNode !== lane) lane.append(ghost);
  });
  document.addEventListener("click", function (event) {
    var lane = laneUnder(event);
    // Enter on a gap comes as a click at no place: it takes the gap's own start.
    if (!lane || (event.detail === 0 && event.target.closest("[data-gap]"))) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    var start = new Date(startAt(lane, secondsAt(lane, event.clientY)) * 1000).toISOString();
    var add = lane.closest("[data-column]").querySelector(".book-add");
    location.assign(add.href + "&start=" + encodeURIComponent(start));
  });

  // --- One visit, several people -----------------------------------------------------------------------
  function together(event) {
    all(".is-together").forEach(function (card) { card.classList.remove("is-together"); });
    var card = event.target.closest && event.target.closest("[data-visit]");
    if (!card) return;
    var cards = all("[data-visit='" + card.dataset.visit + "']");
    if (cards.length > 1) cards.forEach(function (one) { one.classList.add("is-together"); });
  }
  document.addEventListener("pointerover", together);
  document.addEventListener("focusin", together);

  // --- Columns on a phone ---------------------------------------------------------------------------
  function tabs() { return all("[data-column-tab]"); }
  function columnOf(tab) { return document.getElementById(tab.hash.slice(1)); }
  function scaleWidth() { return document.querySelector(".book-hours").offsetWidth; }
  document.addEventListener("click", function (event) {
    var tab = event.target.closest("[data-column-tab]");
    if (!tab || !frame()) return;
    event.preventDefault();
    frame().scrollTo({ left: columnOf(tab).offsetLeft - scaleWidth() });
    markTab(tab);
  });
  function markTab(tab) {
    tabs().forEach(function (one) { one.removeAttribute("aria-current"); });
    if (!tab) return;
    tab.setAttribute("aria-current", "true");
    var nav = tab.closest(".book-people");
    nav.scrollTo({ left: tab.offsetLeft - nav.clientWidth / 2 + tab.offsetWidth / 2 });
  }
  function markShown() {
    if (!frame() || !tabs().length) return;
    var left = frame().scrollLeft + scaleWidth();
    var near = tabs().map(function (tab) { return { tab: tab, away: Math.abs(columnOf(tab).offsetLeft - left) }; });
    near.sort(function (a, b) { return a.away - b.away; });
    if (!near[0].tab.hasAttribute("aria-current")) markTab(near[0].tab);
  }

  // --- Drawn anew: nothing that one does is disturbed --------------------------------------------------
  var kept = null;
  function isBusy() { return document.body.classList.contains("has-carry") || Boolean(document.querySelector("dialog[open]")); }
  document.addEventListener("htmx:beforeRequest", function (event) {
    var config = event.detail.requestConfig;
    if (event.detail.elt.id === "book" && config.verb === "get" && (isBusy() || document.hidden)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.elt.matches("[data-chips]") && event.detail.xhr.status === 200) {
      // A deposit that is gone is not in the answer.
      all(".visit-held").forEach(function (place) { place.replaceChildren(); });
    }
    if (event.detail.target.id !== "book") return;
    if (event.detail.requestConfig.verb === "get" && isBusy()) { event.detail.shouldSwap = false; return; }
    var stop = document.activeElement && document.activeElement.closest("#book [data-stop], #book a");
    kept = { card: stop && stop.dataset.card, visit: stop && stop.dataset.visit, href: stop && stop.getAttribute("href"), chips: {} };
    all(".visit-held").forEach(function (place) { if (place.childElementCount) kept.chips[place.id] = place.innerHTML; });
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (!kept || event.detail.target.id !== "book" || !book()) return;
    var before = kept;
    kept = null;
    Object.keys(before.chips).forEach(function (id) {
      var place = document.getElementById(id);
      if (place && !place.childElementCount) place.innerHTML = before.chips[id];
    });
    refocus(before);
    ghost.remove();
    tick();
    markShown();
  });
  function find(name, value) { return value ? document.querySelector("#book [data-" + name + "='" + value + "']") : null; }
  function refocus(before) {
    var again = find("card", before.card) || find("visit", before.visit) ||
      all("#book a").find(function (link) { return before.href && link.getAttribute("href") === before.href; });
    if (again) again.focus({ preventScroll: true });
  }
  // A sheet that closes gives the focus back to its visit, also when that was drawn anew meanwhile.
  var opened = null;
  document.addEventListener("focusin", function (event) {
    var card = event.target.closest("[data-card]");
    if (card) opened = { card: card.dataset.card, visit: card.dataset.visit };
  });
  document.addEventListener("close", function (event) {
    if (event.target.id !== "sheet") return;
    if (opened && document.activeElement === document.body) refocus(opened);
    if (wasRefused) window.htmx.ajax("GET", book().getAttribute("hx-get"), { source: "#book", target: "#book", swap: "outerHTML" });
    wasRefused = false;
  }, true);
  // What was refused may have been done at another desk: the book behind the sheet is not the latest.
  var wasRefused = false;
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "sheet" && event.detail.target.querySelector("[data-error-summary]")) wasRefused = true;
  });

  // --- Now ---------------------------------------------------------------------------------------------
  var since = performance.now();
  function tick() {
    var line = document.querySelector("[data-now-line]");
    if (!line) return;
    var now = +book().dataset.now + (performance.now() - since) / 1000;
    var row = (now - line.dataset.first) / 300;
    var mark = line.firstElementChild;
    mark.hidden = row < 0 || row * rowPixels() > document.querySelector("[data-lane]").offsetHeight;
    mark.style.gridRow = Math.floor(row) + 1 + " / span 1";
    mark.style.marginTop = (row % 1) * rowPixels() + "px";
  }
  function start() {
    if (!book()) return;
    all("[data-sends]").forEach(function (field) {
      // A day picked with the pointer shows at once; one that is being typed waits for Enter.
      var typed = false;
      field.addEventListener("keydown", function () { typed = field.type === "date"; });
      field.addEventListener("pointerdown", function () { typed = false; });
      field.addEventListener("change", function () { if (!typed && (field.value || field.type !== "date")) field.form.requestSubmit(); });
    });
    tick();
    setInterval(tick, 30000);
    frame().addEventListener("scroll", markShown, { passive: true });
    var target = document.querySelector(".visit:target");
    var seen = document.querySelector("[data-now-line] i");
    if (target) go(target);
    else if (seen) frame().scrollTop += seen.getBoundingClientRect().top - frame().getBoundingClientRect().top - frame().clientHeight / 3;
    var today = document.querySelector("[data-column].is-today");
    if (today && frame().scrollWidth > frame().clientWidth) frame().scrollLeft = today.offsetLeft - scaleWidth();
    markShown();
  }
  document.addEventListener("htmx:load", function (event) { if (event.detail.elt.id === "book") since = performance.now(); });
  start();
})();
