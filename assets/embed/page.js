/* In an embed's page: tells its height to the page around it, and becomes interactive when it is first touched. */
(function () {
  "use strict";
  var root = document.documentElement, box = document.querySelector(".c"), night = matchMedia("(prefers-color-scheme: dark)");
  var asked = /[?&]theme=(light|dark|auto)\b/.exec(location.search);
  if (root.dataset.follows && asked) root.dataset.theme = asked[1];

  function tell() {
    if (parent !== window) parent.postMessage({ gongkai: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, "*");
  }
  if (window.ResizeObserver) new ResizeObserver(tell).observe(document.body);
  addEventListener("load", tell);
  addEventListener("message", function (event) { if (event.source === parent && event.data === "gongkai") tell(); });

  if (!box || !box.dataset.figure) return;
  var started = false, dressed = false, figure, plot;

  function theme() {
    var chosen = root.dataset.theme;
    return chosen === "auto" ? (night.matches ? "dark" : "light") : chosen;
  }
  function bundle() {
    return window.Plotly ? Promise.resolve() : new Promise(function (loaded, failed) {
      var script = document.createElement("script");
      script.src = box.dataset.script;
      script.onload = loaded;
      script.onerror = failed;
      document.head.appendChild(script);
    });
  }
  function load() {
    var data = fetch(box.dataset.figure.replace("{theme}", theme())).then(function (answer) {
      if (!answer.ok) throw answer.status;
      return answer.json();
    });
    return Promise.all([data, bundle()]).then(function (got) { figure = got[0]; return show(); });
  }
  /* plotly.js writes style attributes, which the page's policy forbids; the same words to the element's style are no markup. */
  function dress() {
    dressed = true;
    var set = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
      if (name === "style" && this.style) this.style.cssText = value;
      else set.call(this, name, value);
    };
  }
  function start() {
    if (started) return;
    started = true;
    if (!dressed) dress();
    /* What stands there stays where the network fails; the next touch tries again. */
    load().catch(function () { started = false; });
  }
  function show() {
    var still = [].filter.call(box.querySelectorAll("svg.w,svg.n,div.w,div.n"), function (each) { return each.getClientRects().length; })[0];
    if (!still) return;
    var isNarrow = still.classList.contains("n"), chosen = isNarrow ? figure.layout.meta.narrow : figure;
    var width = +still.dataset.width, height = +still.dataset.height;
    var layout = Object.assign({}, chosen.layout, { template: figure.layout.template, width: width, height: height, autosize: false });
    if (!plot) {
      plot = document.createElement("div");
      plot.className = "p";
      box.appendChild(plot);
    }
    /* Drawn in the size of the picture and scaled as the picture is, so that nothing moves. */
    plot.style.transform = "scale(" + still.getBoundingClientRect().width / width + ")";
    if (plot.dataset.drawn === layout.width + theme()) return;
    plot.dataset.drawn = layout.width + theme();
    return window.Plotly.react(plot, chosen.data, layout, { displayModeBar: false, scrollZoom: false, doubleClick: false, locale: root.lang })
      .then(function () {
        box.classList.add("on");
        if (plot.dataset.opens) return;
        plot.dataset.opens = "1";
        plot.on("plotly_click", open);
      });
  }
  function open(event) {
    var at = event.points && event.points[0] && event.points[0].customdata;
    if (Array.isArray(at)) at = at[0];
    if (typeof at === "string" && at && box.dataset.view) window.open(box.dataset.view + "#at=" + encodeURIComponent(at), "_blank", "noopener");
  }

  ["pointerover", "touchstart", "keydown", "focusin"].forEach(function (name) { addEventListener(name, start, { passive: true }); });
  addEventListener("resize", function () { if (figure) show(); });
  /* What was hidden has no size to draw for until it is shown. */
  if (window.ResizeObserver) new ResizeObserver(function () { if (figure) show(); }).observe(box);
  if (night.addEventListener) night.addEventListener("change", function () { if (figure && root.dataset.theme === "auto") load().catch(function () {}); });
  if (box.dataset.now) start();
})();
