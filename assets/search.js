/* Search over everything: a dialog with a combobox, opened by its button or by the key /. The server is asked with the
   page's own address; what it answers is text and addresses, shown as text. Hits lead on without loading the page again. */
(function () {
  "use strict";
  var NO_KEY = "gongkai.search.nokey";
  var TAKEN = {}, box = null, opener = null, hits = [], at = -1, asked = 0, timer = 0;

  function button() { return document.getElementById("search-open"); }
  function make(name, told, inside) {
    var made = document.createElement(name);
    Object.keys(told).forEach(function (each) {
      if (each === "text") made.textContent = told[each];
      else made.setAttribute(each, told[each]);
    });
    if (inside) inside.appendChild(made);
    return made;
  }
  function kept() {
    try { return localStorage.getItem(NO_KEY); } catch (_) { return null; }
  }
  function keep(isOn) {
    try {
      if (isOn) localStorage.removeItem(NO_KEY);
      else localStorage.setItem(NO_KEY, "1");
    } catch (_) { /* a browser that keeps nothing */ }
  }

  /* Made anew each time it opens, in the language of the page that it stands on. */
  function build(said) {
    var dialog = make("dialog", { id: "search", "class": "search", "aria-label": said.saidTitle }, document.body);
    var form = make("form", { action: "/search", role: "search" }, dialog);
    make("label", { "for": "search-words", text: said.saidLabel }, form);
    var line = make("div", { "class": "line" }, form);
    var field = make("input", {
      id: "search-words", name: "q", type: "text", inputmode: "search", enterkeyhint: "search", autocomplete: "off",
      spellcheck: "false", maxlength: "80", placeholder: said.saidHint, "class": "form-control", role: "combobox",
      "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list", "aria-haspopup": "listbox",
    }, line);
    make("input", { type: "hidden", name: "from", value: said.from }, form);
    var close = make("button", { type: "button", "class": "close", "aria-label": said.saidClose, title: said.saidClose, text: "\u00d7" }, line);
    var list = make("div", { id: "search-list", role: "listbox", "aria-label": said.saidHits }, dialog);
    list.hidden = true;
    var told = make("p", { id: "search-said", role: "status" }, dialog);
    var foot = make("p", { "class": "foot-line" }, dialog);
    var label = make("label", {}, foot);
    var tick = make("input", { type: "checkbox" }, label);
    tick.checked = !kept();
    label.appendChild(document.createTextNode(" " + said.saidSlash));
    var all = make("button", { type: "submit", "class": "all", text: said.saidAll }, foot);
    all.setAttribute("form", "search-form");
    form.id = "search-form";
    all.hidden = true;
    box = { dialog: dialog, field: field, list: list, told: told, all: all, said: said };
    tick.addEventListener("change", function () { keep(tick.checked); });
    close.addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", leave);
    field.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(look, 100);
    });
    field.addEventListener("keydown", keyed);
    list.addEventListener("pointerdown", function (event) { event.preventDefault(); });  // the field keeps the focus
    list.addEventListener("click", function (event) {
      var chosen = event.target.closest("[role=option]");
      if (chosen) take(hits[Number(chosen.dataset.hit)]);
    });
  }

  function open() {
    if (box || !button() || document.querySelector("dialog[open]")) return;
    opener = document.activeElement;
    build(Object.assign({}, button().dataset));
    box.dialog.showModal();
    box.field.focus();
  }
  function leave() {
    clearTimeout(timer);
    asked += 1;
    box.dialog.remove();
    box = null;
    hits = [];
    at = -1;
    var back = opener && opener.isConnected && opener !== document.body ? opener : button();
    if (opener === TAKEN) document.activeElement.blur();
    else if (back) back.focus({ preventScroll: true });
  }

  function look() {
    var own = ++asked, words = box.field.value.trim();
    if (!words) return offer({ groups: [], said: "" });
    fetch("/search.json?" + new URLSearchParams({ q: words, from: box.said.from })).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (told) {
      if (own === asked) offer(told);
    }).catch(function () {
      if (own === asked) offer({ groups: [], said: box.said.saidFailed });
    });
  }
  function offer(told) {
    box.list.textContent = "";
    hits = [];
    at = -1;
    told.groups.forEach(function (group) {
      var inside = make("div", { role: "group", "aria-label": group.name }, box.list);
      make("p", { "aria-hidden": "true", text: group.name }, inside);
      group.hits.forEach(function (hit) { option(hit, inside); });
    });
    box.list.hidden = box.all.hidden = !hits.length;
    box.field.setAttribute("aria-expanded", String(hits.length > 0));
    box.told.textContent = told.said;
    box.list.scrollTop = 0;
    point(0);
  }
  function option(hit, inside) {
    var made = make("div", { role: "option", "aria-selected": "false", id: "search-hit-" + hits.length, "data-hit": hits.length }, inside);
    var name = make("span", { text: hit.name }, made);
    if (hit.lang) name.lang = hit.lang;
    make("small", { text: hit.more }, made);
    hits.push(hit);
  }
  function point(to) {
    var options = box.list.querySelectorAll("[role=option]");
    if (!options.length) {
      box.field.removeAttribute("aria-activedescendant");
      return;
    }
    at = (to + options.length) % options.length;
    options.forEach(function (each, place) { each.setAttribute("aria-selected", String(place === at)); });
    options[at].scrollIntoView({ block: "nearest" });
    box.field.setAttribute("aria-activedescendant", options[at].id);
  }
  function keyed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (hits.length) point(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(hits[at]);
    }
  }
  /* The page that comes next has the focus, not the button of the one before. */
  function take(hit) {
    opener = TAKEN;
    box.dialog.close();
    window.gongkai.go(hit.href);
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("#search-open")) open();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || kept()) return;
    if (event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (box || document.querySelector("dialog[open]") || !button()) return;
    event.preventDefault();
    open();
  });
})();
