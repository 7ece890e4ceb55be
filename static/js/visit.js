// The visit form: staff who do not give the chosen service are not offered, and how long it takes the
// chosen one is told. The server checks again.
(function () {
  "use strict";

  function fit(row) {
    var service = row.querySelector("select[name$='-service']");
    var staff = row.querySelector("select[name$='-staff']");
    var chosen = service.selectedOptions[0];
    var givers = chosen && chosen.dataset.staff ? chosen.dataset.staff.split(" ") : null;
    var left = [];
    Array.prototype.forEach.call(staff.options, function (option) {
      var fits = !option.value || !givers || givers.indexOf(option.value) >= 0;
      option.hidden = option.disabled = !fits;
      if (fits && option.value) left.push(option.value);
    });
    if (staff.selectedOptions[0] && staff.selectedOptions[0].disabled) staff.value = "";
    if (service.value && left.length === 1) staff.value = left[0];
    tellTime(row, chosen, staff.value);
  }
  // How long it takes them stands in the empty box; what is typed there goes before it.
  function tellTime(row, chosen, person) {
    var minutes = row.querySelector("input[name$='-minutes']");
    if (!minutes) return;
    var own = {};
    (chosen && chosen.dataset.ownMinutes || "").split(" ").forEach(function (pair) {
      own[pair.split(":")[0]] = pair.split(":")[1];
    });
    minutes.placeholder = own[person] || (chosen && chosen.dataset.minutes) || "Usual";
  }
  function fitAll() { document.querySelectorAll("[data-visit-row]").forEach(fit); }

  document.addEventListener("change", function (event) {
    var row = event.target.closest("[data-visit-row]");
    if (row && /-(service|staff)$/.test(event.target.name)) fit(row);
  });
  document.addEventListener("htmx:afterSettle", fitAll);
  fitAll();
})();
