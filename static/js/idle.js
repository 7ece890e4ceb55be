// A tablet that asks for a PIN after so many idle minutes (data-minutes of this script). The server decides;
// this only hides the page in time, and tells the server of hands that send nothing.
(function () {
  "use strict";
  var minutes = Number(document.currentScript.dataset.minutes);
  var told = Date.now();
  var timer;

  function away() {
    var here = location.pathname + location.search;
    location.assign("/switch/?next=" + encodeURIComponent(here));
  }
  // Another tab may be in use: the server knows. A desk that can't be reached hides the page too.
  function look() {
    fetch("/switch/look/", { headers: { "HX-Request": "true" } }).then(function (answer) {
      if (answer.status === 204) wait(15); else away();
    }, away);
  }
  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, seconds * 1000);
  }
  function touched() {
    if (Date.now() - told < 20000) return;
    told = Date.now();
    fetch("/switch/here/", { headers: { "HX-Request": "true" } }).then(function (answer) {
      if (answer.status === 204) wait(minutes * 60 + 1); else away();
    }, function () {});
  }

  ["pointerdown", "keydown", "input"].forEach(function (kind) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  });
  // Back, from the browser's memory, or a tablet that slept: ask at once.
  window.addEventListener("pageshow", function (event) { if (event.persisted) look(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
  wait(minutes * 60 + 1);
})();
