// Puts the booking pages of a salon into another site, as an overlay:
//
//   <script src="https://desk.example.com/book/embed.js" data-location="midtown" async></script>
//
// It adds a "Book now" button where it stands, or opens from every element with data-salon-book (its
// value, if any, is the location). Without a script, or where the site may not frame the pages, a link
// leads to them. No dependencies; styles are set by script, so the site's own policy may be strict.
(function () {
  "use strict";

  var tag = document.currentScript;
  if (!tag || window.salonBook) return;
  var base = new URL("./", tag.src);
  var dialog = null, opener = null;

  function address(location) {
    var url = new URL(location ? encodeURIComponent(location) + "/" : "", base);
    return url.href;
  }
  function style(element, rules) {
    for (var name in rules) element.style.setProperty(name, rules[name]);
    return element;
  }
  function button(text) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    return style(made, {
      "min-height": "44px", "min-width": "44px", padding: "0 20px", border: "0", "border-radius": "8px",
      background: "#0b6a55", color: "#fff", font: "600 16px/1.2 system-ui, sans-serif", cursor: "pointer"
    });
  }

  function close() { if (dialog) dialog.close(); }
  function closed() {
    document.documentElement.style.removeProperty("overflow");
    dialog.remove();
    dialog = null;
    if (opener && opener.focus) opener.focus();
  }
  function open(location, from) {
    // An old browser has no modal dialog, which keeps the focus and closes by Escape: a page does it.
    if (typeof HTMLDialogElement !== "function") { window.location.href = address(location); return; }
    if (dialog) return;
    opener = from || document.activeElement;
    var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    dialog = style(document.createElement("dialog"), {
      position: "fixed", inset: "0", margin: "auto", padding: "0", border: "0", overflow: "hidden",
      display: "flex", "flex-direction": "column", width: "100%", height: "100%",
      "max-width": "34rem", "max-height": "min(100%, 60rem)", "border-radius": window.innerWidth > 600 ? "14px" : "0",
      background: dark ? "#1b1f1d" : "#fff", color: dark ? "#eceee9" : "#1c211e",
      "box-shadow": "0 0 0 100vmax rgb(0 0 0 / 0.5)"
    });
    dialog.setAttribute("aria-label", "Book a visit");
    var shut = style(button("Close"), { padding: "0 16px", background: "transparent", color: "inherit" });
    shut.addEventListener("click", close);
    var bar = style(document.createElement("div"), { display: "flex", "justify-content": "flex-end", flex: "none" });
    var frame = style(document.createElement("iframe"), { flex: "1", width: "100%", border: "0" });
    frame.title = "Book a visit";
    frame.src = address(location) + "?from=" + encodeURIComponent(window.location.origin);
    bar.append(shut);
    dialog.append(bar, frame);
    dialog.addEventListener("close", closed);
    document.body.append(dialog);
    document.documentElement.style.setProperty("overflow", "hidden");
    dialog.showModal();
    shut.focus();
  }

  window.addEventListener("message", function (event) {
    if (event.origin === base.origin && event.data === "salon-book:close") close();
  });
  // Also for what the site adds later. A new tab stays a new tab.
  document.addEventListener("click", function (event) {
    var on = event.target.closest && event.target.closest("[data-salon-book]");
    if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(on.getAttribute("data-salon-book") || tag.dataset.location || "", on);
  });
  function place() {
    if (document.querySelector("[data-salon-book]")) return;
    var made = button(tag.dataset.label || "Book now");
    made.setAttribute("data-salon-book", tag.dataset.location || "");
    if (tag.parentNode && tag.parentNode !== document.head) tag.after(made);
    else document.body.append(made);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();

  window.salonBook = { open: open, close: close };
})();
