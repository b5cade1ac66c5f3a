/* What the admin pages do beyond HTML: a form is sent once, and scripts send the token that every change needs. */
(function () {
  "use strict";

  document.addEventListener("submit", function (event) {
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "1";
    event.target.setAttribute("aria-busy", "true");
  });

  /* A page that comes back from the browser's memory can be sent again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  /* fetch with the page's token; answers the Response whatever its status. */
  function send(address, options) {
    var token = document.querySelector('meta[name="csrf"]');
    var headers = new Headers((options && options.headers) || {});
    headers.set("Accept", "application/json");
    if (token) headers.set("X-CSRF-Token", token.content);
    return fetch(address, Object.assign({ method: "POST", credentials: "same-origin" }, options, { headers: headers }));
  }

  /* A form that answers as one types: the part of the page that it names is taken from the page it would lead to, and
     the address goes along, so that the page can be kept and sent. Without this script its button does the same. */
  var turn = 0, soon;
  function refresh(form) {
    var mine = ++turn, query = new URLSearchParams(new FormData(form));
    Array.from(query.keys()).forEach(function (name) { if (!query.get(name)) query.delete(name); });
    var address = form.getAttribute("action") + (query.toString() ? "?" + query : "");
    fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected || !answer.ok) return location.assign(address);
      return answer.text().then(function (text) {
        if (mine !== turn) return;
        var page = new DOMParser().parseFromString(text, "text/html");
        [form.dataset.live, form.dataset.told].forEach(function (id) {
          document.getElementById(id).replaceChildren.apply(document.getElementById(id), page.getElementById(id).childNodes);
        });
        history.replaceState(null, "", address);
        one();
      });
    }, function () { location.assign(address); });
  }
  function later(event) {
    var form = event.target.closest("form[data-live]");
    if (!form) return;
    clearTimeout(soon);
    soon = setTimeout(refresh, event.type === "input" ? 180 : 0, form);
  }
  document.addEventListener("input", later);

  /* The wall is one stop for Tab; arrows go from cell to cell. */
  function cells() { return Array.from(document.querySelectorAll(".wall td > *")); }
  function one() {
    cells().forEach(function (cell, number) { cell.tabIndex = number ? -1 : 0; });
  }
  var STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", function (event) {
    var cell = event.target.closest && event.target.closest(".wall td > *");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    var row = cell.closest("tr"), place = Array.from(row.cells).indexOf(cell.parentElement), step = STEPS[event.key], to;
    if (step) {
      var other = row.parentElement.rows[row.sectionRowIndex + step[0]];
      to = other && other.cells[place + step[1]];
    } else if (event.key === "Home" || event.key === "End") {
      to = row.cells[event.key === "Home" ? 1 : row.cells.length - 1];
    } else return;
    event.preventDefault();
    var next = to && to.tagName === "TD" && to.firstElementChild;
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  one();

  window.gongkaiAdmin = { send: send };
})();
