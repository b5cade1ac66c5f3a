/* What the browser does by itself: takes the figure that fits the card, opens evidence, follows pickers and filters.
   All state stays in the address, so that back, forward and a copied link restore the view. */
(function () {
  "use strict";
  var full = new WeakMap();

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

  var react = window.Plotly.react;
  window.Plotly.react = function (element, figure, layout, config) {
    var given = typeof element === "string" ? document.getElementById(element) : element;
    if (!figure || !figure.data) return react.call(window.Plotly, element, figure, layout, config);
    return react.call(window.Plotly, given, fitting(given, figure)).then(function (drawn) {
      if (!given.dataset.opens) {
        given.dataset.opens = "1";
        given.on("plotly_click", open);
      }
      return drawn;
    });
  };
  var newPlot = window.Plotly.newPlot;
  window.Plotly.newPlot = function (element, figure, layout, config) {
    if (!figure || !figure.data) return newPlot.call(window.Plotly, element, figure, layout, config);
    return window.Plotly.react(element, figure);
  };

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

  function open(event) {
    var point = event.points && event.points[0];
    var at = point && point.customdata;
    if (Array.isArray(at)) at = at[0];
    if (typeof at === "string" && at) location.hash = "at=" + at;
  }

  /* Evidence: the address names the place, the panel follows it. */
  function asked() {
    var match = /^#at=(.+)$/.exec(location.hash);
    return match ? decodeURIComponent(match[1]) : "";
  }
  function follow() {
    var at = asked();
    if (window.dash_clientside && window.dash_clientside.set_props && document.getElementById("evidence")) {
      window.dash_clientside.set_props("evidence-at", { data: at });
    }
    if (!at) closeEvidence();
  }
  function closeEvidence() {
    var dialog = document.getElementById("evidence");
    if (dialog && dialog.open) dialog.close();
  }
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);

  var opener = null;
  function showEvidence(children) {
    var dialog = document.getElementById("evidence");
    if (dialog && children && children.length && asked() && !dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    }
    return window.dash_clientside.no_update;
  }
  document.addEventListener("close", function (event) {
    if (event.target.id !== "evidence") return;
    if (asked()) {
      history.replaceState(history.state, "", location.pathname + location.search);
      window.dash_clientside.set_props("evidence-at", { data: "" });
    }
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }, true);
  document.addEventListener("click", function (event) {
    var dialog = document.getElementById("evidence");
    if (event.target === dialog || (event.target.closest && event.target.closest("[data-close]"))) dialog.close();
  });

  /* A link from outside may name a figure: once the page is there, its evidence opens. */
  var start = new MutationObserver(function () {
    if (document.getElementById("content") && window.dash_clientside && window.dash_clientside.set_props) {
      start.disconnect();
      if (asked()) follow();
      else arrive(120);
    }
  });
  start.observe(document.documentElement, { childList: true, subtree: true });

  /* Pickers and filters lead to an address without loading the page again. */
  function go(address) {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.scrollTo(0, 0);
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-go]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
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

  /* A page that comes without being loaded has no target of its own: it is named again once its element is there. */
  function arrive(frames) {
    var named = /^#[a-z]+-[0-9a-f]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (named) location.replace(location.hash);
    else if (location.hash && frames) requestAnimationFrame(function () { arrive(frames - 1); });
  }

  /* What stands outside the page's own elements. */
  function tell(told) {
    if (told) {
      document.documentElement.lang = told.lang;
      document.documentElement.dataset.bsTheme = told.theme;
      document.title = told.title;
      document.documentElement.dataset.page = location.pathname + location.search;
      arrive(120);
    }
    return window.dash_clientside.no_update;
  }

  window.gongkai = { tell: tell, showEvidence: showEvidence };
})();
