/* A chart's marks read one after the other: the button in a card's foot opens a list of the lines of the card's own table, of which
   arrow keys speak one at a time and point at its mark in the drawing. Enter opens the figure's source, Escape leaves. */
(function () {
  "use strict";
  var opened = null, at = 0, STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

  function element(name, text, like) {
    var made = document.createElement(name);
    made.textContent = text;
    if (like && like.lang) made.lang = like.lang;
    return made;
  }
  function page() { return location.pathname + location.search; }
  function lines(card) { return [].slice.call(card.querySelectorAll(".figures tbody tr")); }

  function option(line, place, id) {
    var made = document.createElement("li"), label = line.querySelector("th > :first-child"), cells = line.querySelectorAll("td");
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.id = id + "-" + place;
    made.dataset.place = place;
    made.append(element("span", label.textContent, label), " ", element("b", cells[0].textContent), " ", element("i", cells[1].textContent, cells[1]));
    line.querySelectorAll("th .derived, th .correction").forEach(function (note) { made.append(" ", element("small", note.textContent)); });
    line.querySelectorAll("th .sign:not(.corrected)").forEach(function (sign) { made.append(" ", element("small", sign.title)); });
    return made;
  }

  function open(button, place) {
    close();
    var card = button.closest(".card-chart"), box = card.querySelector(".marks"), list = document.createElement("ul"), hint = element("p", box.dataset.hint);
    opened = { button: button, box: box, list: list, lines: lines(card), page: page(), plot: card.querySelector(".js-plotly-plot") };
    list.tabIndex = 0;
    list.id = button.id + "-list";
    hint.id = button.id + "-hint";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-labelledby", button.id + " " + button.getAttribute("aria-describedby"));
    list.setAttribute("aria-describedby", hint.id);
    opened.lines.forEach(function (line, place) { list.append(option(line, place, list.id)); });
    box.append(list, hint);
    button.setAttribute("aria-expanded", "true");
    list.focus();
    choose(place || 0);
  }
  function close() {
    if (!opened) return;
    point("");
    opened.box.textContent = "";
    opened.button.setAttribute("aria-expanded", "false");
    opened = null;
  }
  function choose(place) {
    var options = opened.list.children;
    if (!options.length) return;
    if (options[at]) options[at].setAttribute("aria-selected", "false");
    at = Math.max(0, Math.min(options.length - 1, place));
    options[at].setAttribute("aria-selected", "true");
    opened.list.setAttribute("aria-activedescendant", options[at].id);
    /* Within the list alone: the page must not jump under the drawing. */
    opened.list.scrollTop = options[at].offsetTop - (opened.list.clientHeight - options[at].offsetHeight) / 2;
    var link = source();
    point(link ? link.getAttribute("href").slice(4) : "");
  }
  function source() { return opened.lines[at] && opened.lines[at].querySelector("a.open"); }

  /* The mark's own label appears in the drawing as if pointed at, for those who see it and use no mouse. */
  function point(locator) {
    var plot = opened.plot, found = null;
    if (!plot || !plot._fullData || !window.Plotly) return;
    plot._fullData.forEach(function (trace, curve) {
      if (found || !locator || !trace.customdata || trace.hoverinfo === "skip" || !/^(bar|scatter)$/.test(trace.type)) return;
      [].some.call(trace.customdata, function (each, number) {
        if ((Array.isArray(each) ? each[0] : each) === locator) found = { curveNumber: curve, pointNumber: number };
        return found;
      });
    });
    if (found) window.Plotly.Fx.hover(plot, [found]);
    else window.Plotly.Fx.unhover(plot);
  }

  function inside(node, selector) { return node && node.closest ? node.closest(selector) : null; }
  document.addEventListener("click", function (event) {
    var button = inside(event.target, "button[data-marks]"), chosen = inside(event.target, ".marks [role=option]");
    if (button && opened && opened.button === button) close();
    else if (button) open(button);
    else if (chosen && opened) choose(Number(chosen.dataset.place));
  });
  document.addEventListener("keydown", function (event) {
    if (!opened || event.target !== opened.list || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in STEPS) choose(at + STEPS[event.key]);
    else if (event.key === "Enter" && source()) location.hash = source().getAttribute("href");
    else if (event.key === "Escape") {
      var button = opened.button;
      close();
      button.focus();
    } else return;
    event.preventDefault();
  });
  /* The evidence of a mark stands in front and gives the focus back; all else that is entered ends the reading. */
  function leave(event) {
    /* The page as it first came gave way to the living one, with the focus: the list goes on there. */
    var button = inside(event.target, "button[data-marks]");
    if (opened && !opened.box.isConnected && button && button.dataset.marks === opened.button.dataset.marks) return open(button, at);
    if (opened && !inside(event.target, ".marks, dialog, button[data-marks]")) close();
  }
  document.addEventListener("focusin", leave);
  document.addEventListener("pointerdown", leave);
  window.addEventListener("popstate", function () { if (opened && opened.page !== page()) close(); });
})();
