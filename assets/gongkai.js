/* What the browser does by itself: takes the figure that fits the card, opens dialogs, follows pickers and filters, copies.
   All state stays in the address, so that back, forward and a copied link restore the view. */
(function () {
  "use strict";
  var full = new WeakMap();

  /* What draws the charts comes next: Dash would ask for it only when it has made the page, and asked for at the same time as
     Dash both would be late. */
  var charts = document.documentElement.dataset.charts;
  if (charts) document.head.appendChild(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: charts }));

  /* A figure carries the one for a narrow card in layout.meta; which of them is drawn follows from the card's width. */
  function fitting(element, figure) {
    var narrow = figure.layout && figure.layout.meta && figure.layout.meta.narrow;
    if (!narrow) return figure;
    full.set(element, figure);
    var width = element.clientWidth || (element.parentElement && element.parentElement.clientWidth) || window.innerWidth;
    var isNarrow = width < figure.layout.meta.below;
    element.dataset.narrow = isNarrow ? "1" : "";
    if (!isNarrow) return figure;
    var layout = Object.assign({}, narrow.layout, { template: figure.layout.template, meta: figure.layout.meta });
    setHeight(element, layout.height);
    return Object.assign({}, figure, { data: narrow.data, layout: layout });
  }

  function setHeight(element, height) {
    var box = element.closest(".dash-graph");
    if (box) box.style.height = height + "px";
  }

  document.addEventListener("plotly", function () {
    var plotly = window.Plotly, react = plotly.react, newPlot = plotly.newPlot;
    plotly.react = function (element, figure, layout, config) {
      var given = typeof element === "string" ? document.getElementById(element) : element;
      if (!figure || !figure.data) return react.call(plotly, element, figure, layout, config);
      return inTurn(given).then(function () {
        return given.isConnected && react.call(plotly, given, fitting(given, figure));
      }).then(function (drawn) {
        if (drawn && !given.dataset.opens) {
          given.dataset.opens = "1";
          given.on("plotly_click", open);
        }
        return drawn;
      });
    };
    plotly.newPlot = function (element, figure, layout, config) {
      if (!figure || !figure.data) return newPlot.call(plotly, element, figure, layout, config);
      return plotly.react(element, figure);
    };
  });

  /* A card that becomes narrow or wide gets the other figure. */
  var waiting;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      document.querySelectorAll(".js-plotly-plot").forEach(function (element) {
        var figure = full.get(element);
        if (!figure) return;
        if ((element.clientWidth < figure.layout.meta.below) === (element.dataset.narrow === "1")) return;
        setHeight(element, figure.layout.height);
        window.Plotly.react(element, figure);
      });
    }, 120);
  });

  /* Charts that are not in sight are drawn one after the other, once what is in sight has been painted. */
  var others = Promise.resolve();
  function inTurn(element) {
    var box = element.getBoundingClientRect();
    if (box.top < window.innerHeight && box.bottom > 0) return Promise.resolve();
    others = others.then(function () {
      return new Promise(function (done) { requestAnimationFrame(function () { setTimeout(done); }); });
    });
    return others;
  }

  function open(event) {
    var point = event.points && event.points[0];
    var at = point && point.customdata;
    if (Array.isArray(at)) at = at[0];
    if (typeof at === "string" && at) location.hash = "at=" + at;
  }

  /* The dialog: the address names what it shows, a figure's evidence (#at=…) or a way to take a chart away (#embed=…,
     #cite=…). The server is asked with the whole address, and with what the reader alone has: the day, and the width of the page. */
  var KINDS = /^#(at|embed|cite)=./, last = "";
  function theDialog() { return document.getElementById("dialog"); }
  function asked() {
    return KINDS.test(location.hash) ? location.pathname + location.search + location.hash : "";
  }
  function today() {
    var now = new Date(), two = function (number) { return ("0" + number).slice(-2); };
    return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  }
  function ask(address) {
    if (address === last) return;
    last = address;
    window.dash_clientside.set_props("asked", { data: address && address + "&today=" + today() + "&room=" + window.innerWidth });
  }
  function follow() {
    var dialog = theDialog(), address = asked();
    if (!dialog || first() || !window.dash_clientside || !window.dash_clientside.set_props) return;
    ask(address);
    if (!address && dialog.open) dialog.close();
  }
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);

  /* Focus goes in when the dialog opens and returns when it closes. New content stands where the old one stood, in new
     elements: what had the focus is known by its place. */
  var opener = null, place = -1;
  function places() {
    return [].slice.call(theDialog().querySelectorAll("a, button, textarea"));
  }
  document.addEventListener("focusin", function (event) {
    var dialog = theDialog();
    if (dialog && event.target !== dialog && dialog.contains(event.target)) place = places().indexOf(event.target);
  });
  function show(children) {
    var dialog = theDialog();
    if (dialog && children && children.length && asked()) {
      if (!dialog.open) {
        opener = document.activeElement;
        dialog.showModal();
        dialog.scrollTop = 0;
      } else if (!dialog.contains(document.activeElement)) {
        (places()[place] || places()[0]).focus({ preventScroll: true });
      }
      fit();
    }
    return window.dash_clientside.no_update;
  }
  document.addEventListener("close", function (event) {
    if (event.target !== theDialog()) return;
    if (asked()) history.replaceState(history.state, "", location.pathname + location.search);
    ask("");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }, true);
  document.addEventListener("click", function (event) {
    var dialog = theDialog();
    if (event.target === dialog || near(event, "[data-close]")) dialog.close();
    else if (near(event, "[data-copy]")) copy(near(event, "[data-copy]"));
  });
  function near(event, selector) {
    return event.target.closest ? event.target.closest(selector) : null;
  }

  /* A preview wider than the dialog is made smaller, not narrower, by the style sheet, which needs to know the room. */
  function fit() {
    var stage = document.querySelector(".stage");
    if (stage) theDialog().style.setProperty("--room", stage.clientWidth);
  }
  window.addEventListener("resize", fit);

  /* Copies a field's text. Without a clipboard (plain http) the field is selected and copied as by hand. */
  function copy(button) {
    var field = document.getElementById(button.dataset.copy);
    var byHand = function () {
      field.focus({ preventScroll: true });
      field.select();
      var isDone = document.execCommand("copy");
      if (isDone) button.focus({ preventScroll: true });
      tellCopied(button, isDone);
    };
    if (!navigator.clipboard) byHand();
    else navigator.clipboard.writeText(field.value).then(function () { tellCopied(button, true); }, byHand);
  }
  var soon;
  function tellCopied(button, isDone) {
    document.querySelectorAll(".copy.did").forEach(function (each) { each.classList.remove("did"); });
    if (isDone) button.classList.add("did");
    document.getElementById("said").textContent = isDone ? button.dataset.done : button.dataset.failed;
    clearTimeout(soon);
    soon = setTimeout(function () { button.classList.remove("did"); }, 3000);
  }

  /* Menus: one is open at a time; Escape, a choice or anything outside closes it. */
  function closeMenus(but) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) { if (menu !== but) menu.open = false; });
  }
  ["pointerdown", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (event) { closeMenus(near(event, "details.menu")); });
  });
  document.addEventListener("click", function (event) {
    var link = near(event, "details.menu a");
    if (link) leaveMenu(link.closest("details"));
  });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) leaveMenu(menu);
    if (event.key === " " && event.target.matches("a[role=checkbox]")) {
      event.preventDefault();
      event.target.click();
    }
  });
  function leaveMenu(menu) {
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
  }

  /* The page as it first came, plain and still, gives way to the living one once its charts stand: in one frame, with what
     had the focus, was typed or opened. Until then links and pickers load the page they lead to. */
  function first() { return document.getElementById("first"); }
  function living() { return document.getElementById("react-entry-point"); }
  function isDrawn(since) {
    var drawn = living().querySelectorAll(".dash-graph .main-svg:first-child").length;
    return drawn >= first().querySelectorAll(".still").length || performance.now() - since > 20000;
  }
  function giveWay(since) {
    if (!isDrawn(since)) return requestAnimationFrame(function () { giveWay(since); });
    var focusable = "a[href], button, input, select, summary, [tabindex]", plain = first(), page = document.getElementById("page");
    var before = [].slice.call(plain.querySelectorAll(focusable)), after = page.querySelectorAll(focusable);
    var at = before.indexOf(document.activeElement), open = plain.querySelectorAll("details"), opened = page.querySelectorAll("details");
    open.forEach(function (each, place) { if (opened[place]) opened[place].open = each.open; });
    before.forEach(function (each, place) {
      if (each.matches("input[type=text]") && each.value !== each.defaultValue && after[place]) type(after[place], each.value);
    });
    document.body.classList.remove("first");
    plain.remove();
    if (at >= 0 && after[at]) resume(before[at], after[at]);
    ready();
  }
  function resume(was, is) {
    is.focus({ preventScroll: true });
    if (!was.matches("input[type=text]") || was.value === was.defaultValue) return;
    is.setSelectionRange(was.selectionStart, was.selectionEnd);
    if (is === field()) { chooser.typed = true; lookFor(is.value.trim()); }
  }
  /* As if typed: the field is one that Dash keeps the value of. */
  function type(field, words) {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, words);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function ready() {
    dress();
    if (asked()) follow();
    else arrive(120);
  }

  /* A link from outside may name what a dialog shows: once the page is there, it opens. */
  var start = new MutationObserver(function () {
    if (living() && living().querySelector("#content") && window.dash_clientside && window.dash_clientside.set_props) {
      start.disconnect();
      if (first()) giveWay(performance.now());
      else ready();
    }
  });
  start.observe(document.documentElement, { childList: true, subtree: true });

  /* Pickers and filters lead to an address without loading the page again. */
  function go(address) {
    if (first()) return location.assign(address);
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.scrollTo(0, 0);
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-go]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.matches("#language, #theme")) link.hash = location.hash;  // the same place of the same page
    if (link.hash && link.pathname === location.pathname && link.search === location.search) location.hash = link.hash;
    else go(link.getAttribute("href"));
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-go]")) go(event.target.value);
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-go]")) return;
    event.preventDefault();
    var address = new URL(form.getAttribute("action"), location.href);
    new FormData(form).forEach(function (value, name) {
      if (value) address.searchParams.set(name, value);
    });
    go(address.pathname + address.search);
  });

  /* The chooser of the body: a combobox over the plain form. What is typed is asked of the server with the page's own
     address, so that a hit leads to the same page of another body. Bodies used lately and pinned stay in this browser. */
  var PINNED = "gongkai.pinned", RECENT = "gongkai.recent", RECENT_MOST = 8, PINNED_MOST = 16;
  var chooser = { hits: [], at: -1, asked: 0, timer: 0, typed: false };
  function held(name) {
    try {
      var found = JSON.parse(localStorage.getItem(name) || "[]");
      return Array.isArray(found) ? found.filter(function (each) { return typeof each === "string"; }) : [];
    } catch (_) { return []; }
  }
  function hold(name, listed) {
    try { localStorage.setItem(name, JSON.stringify(listed)); } catch (_) { /* a browser that keeps nothing */ }
  }
  function part(name) { return (first() || document).querySelector("#pick-" + name); }
  function field() { return (first() || document).querySelector("#pick-form input#pick-body, #pick-form #pick-body input"); }
  function said(name) { return part("form").dataset["said" + name[0].toUpperCase() + name.slice(1)]; }

  /* Called when a page has come: what makes the field a combobox, and the body it shows is the last one used. */
  function dress() {
    var input = field();
    if (!input || input.getAttribute("role") === "combobox") return;
    var told = { role: "combobox", "aria-expanded": "false", "aria-controls": "pick-list", "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    Object.keys(told).forEach(function (name) { input.setAttribute(name, told[name]); });
    part("list").setAttribute("role", "listbox");
    part("list").setAttribute("aria-label", said("hits"));
    part("pin").hidden = false;
    var body = part("form").dataset.body;
    hold(RECENT, [body].concat(held(RECENT).filter(function (each) { return each !== body; })).slice(0, RECENT_MOST));
    tellPin();
  }
  function tellPin() {
    var pin = part("pin"), isPinned = held(PINNED).indexOf(part("form").dataset.body) >= 0;
    pin.textContent = isPinned ? "\u2605" : "\u2606";
    pin.setAttribute("aria-pressed", String(isPinned));
    pin.title = said(isPinned ? "unpin" : "pin");
    pin.setAttribute("aria-label", said("pin"));
  }
  function togglePin() {
    var body = part("form").dataset.body, pinned = held(PINNED);
    var others = pinned.filter(function (each) { return each !== body; });
    hold(PINNED, others.length < pinned.length ? others : [body].concat(others).slice(0, PINNED_MOST));
    tellPin();
  }
  function openChooser() {
    part("box").hidden = false;
    field().setAttribute("aria-expanded", "true");
  }
  function closeChooser(isLeft) {
    if (!part("box") || part("box").hidden) return;
    part("box").hidden = true;
    field().setAttribute("aria-expanded", "false");
    field().removeAttribute("aria-activedescendant");
    chooser.at = -1;
    if (isLeft) { field().value = part("form").dataset.name; chooser.typed = false; }
  }
  /* Without a word: the pinned ones and those used lately. */
  function lookFor(words) {
    var own = ++chooser.asked, from = part("form").querySelector("[name=from]").value;
    var pinned = held(PINNED), recent = held(RECENT).filter(function (each) { return pinned.indexOf(each) < 0; });
    var query = words ? { q: words, from: from } : { codes: pinned.concat(recent).join(","), from: from };
    fetch("/bodies.json?" + new URLSearchParams(query)).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (told) {
      if (own !== chooser.asked || !part("list")) return;
      if (words) offer([["", told.hits]], words);
      else offer([
        ["pinned", told.hits.filter(function (hit) { return pinned.indexOf(hit.body) >= 0; })],
        ["recent", told.hits.filter(function (hit) { return pinned.indexOf(hit.body) < 0; })],
      ], words);
    }).catch(function () {
      if (own === chooser.asked && part("said")) { offer([], ""); part("said").textContent = said("failed"); }
    });
  }
  function offer(groups, words) {
    var list = part("list");
    list.textContent = "";
    chooser.hits = [];
    chooser.at = -1;
    field().removeAttribute("aria-activedescendant");
    groups.forEach(function (group) {
      if (!group[1].length) return;
      var inside = list;
      if (group[0]) {
        inside = list.appendChild(document.createElement("div"));
        inside.setAttribute("role", "group");
        inside.setAttribute("aria-label", said(group[0]));
        var head = inside.appendChild(document.createElement("p"));
        head.textContent = said(group[0]);
        head.setAttribute("aria-hidden", "true");
      }
      group[1].forEach(function (hit) { inside.appendChild(option(hit)); });
    });
    if (words && !chooser.hits.length) list.appendChild(document.createElement("p")).textContent = said("none");
    part("said").textContent = words ? (chooser.hits.length ? chooser.hits.length + " " + said("count") : said("none")) : "";
    if (words && chooser.hits.length) point(0);
  }
  function option(hit) {
    var made = document.createElement("div"), more = document.createElement("small");
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.id = "pick-hit-" + chooser.hits.length;
    made.dataset.hit = String(chooser.hits.length);
    made.textContent = hit.name;
    more.textContent = hit.level + (hit.above ? " \u00b7 " + hit.above : "");
    made.appendChild(more);
    chooser.hits.push(hit);
    return made;
  }
  function point(at) {
    var options = part("list").querySelectorAll("[role=option]");
    if (!options.length) return;
    chooser.at = (at + options.length) % options.length;
    options.forEach(function (each, place) { each.setAttribute("aria-selected", String(place === chooser.at)); });
    options[chooser.at].scrollIntoView({ block: "nearest" });
    field().setAttribute("aria-activedescendant", options[chooser.at].id);
  }
  function take(hit) {
    if (!hit) return;
    closeChooser(false);
    chooser.typed = false;
    field().blur();
    go(hit.href);
  }
  document.addEventListener("focusin", function (event) {
    if (event.target === field()) {
      dress();
      event.target.select();
      openChooser();
      lookFor("");
    } else if (!near(event, "#pick-form")) closeChooser(true);
  });
  document.addEventListener("pointerdown", function (event) {
    if (!near(event, "#pick-form")) closeChooser(true);
    else if (event.target === field() && part("box").hidden) { openChooser(); lookFor(""); }
    if (near(event, "#pick-list")) event.preventDefault();  // the field keeps the focus
  });
  document.addEventListener("input", function (event) {
    if (event.target !== field()) return;
    chooser.typed = true;
    openChooser();
    clearTimeout(chooser.timer);
    var words = event.target.value.trim();
    chooser.timer = setTimeout(function () { lookFor(words); }, 60);
  });
  document.addEventListener("click", function (event) {
    var chosen = near(event, "#pick-list [role=option]");
    if (chosen) take(chooser.hits[Number(chosen.dataset.hit)]);
    if (near(event, "#pick-pin")) togglePin();
  });
  document.addEventListener("keydown", function (event) {
    if (event.target !== field() || event.isComposing) return;
    var isOpen = !part("box").hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var step = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) { openChooser(); lookFor(chooser.typed ? field().value.trim() : ""); }
      else point(chooser.at < 0 && step < 0 ? -1 : chooser.at + step);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      closeChooser(true);
      field().select();
    } else if (event.key === "Enter") {
      if (isOpen && chooser.at >= 0) { event.preventDefault(); take(chooser.hits[chooser.at]); }
      else if (!chooser.typed) event.preventDefault();  // the body shown is no word to look for
    }
  });

  /* A page that comes without being loaded has no target of its own: it is named again once its element is there. */
  function arrive(frames) {
    var named = document.getElementById(location.hash.slice(1));
    if (named && (named.dataset.entry || /^#[a-z_]+-([0-9a-f]+|headline)$/.test(location.hash))) location.replace(location.hash);
    else if (location.hash && frames) requestAnimationFrame(function () { arrive(frames - 1); });
  }

  /* Who came by a link of the page before has lost it: the new page's content has the focus then. */
  function inside() {
    var content = document.getElementById("content");
    if (content && document.activeElement === document.body) content.focus({ preventScroll: true });
  }

  /* What stands outside the page's own elements. */
  function tell(told) {
    if (told) {
      document.documentElement.lang = told.lang;
      document.documentElement.dataset.bsTheme = told.theme;
      document.title = told.title;
      document.documentElement.dataset.page = location.pathname + location.search;
      dress();
      arrive(120);
      requestAnimationFrame(inside);
      var moved = document.getElementById("moved");
      if (moved) moved.textContent = told.title;
    }
    return window.dash_clientside.no_update;
  }

  window.gongkai = { tell: tell, show: show, go: go, whole: function (element) { return full.get(element); } };
})();
