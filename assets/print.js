/* On paper a page is as wide as the sheet and light, whatever it is on the screen: charts are drawn anew for it, and again after. */
(function () {
  "use strict";
  /* Colours of the dark theme, and what they are in the light one. */
  var DAY = {
    "#5aa2e0": "#1f6fb5", "#e9a24a": "#c27417", "#b48ad6": "#7d4fa8", "#7b8796": "#8a95a3", "#3fb28f": "#198363",
    "#7fd0b6": "#4fa38a", "#d8c15a": "#b08d1c", "#e5735f": "#c0442f", "#e8ecf2": "#16202e", "#a8b3c2": "#5b6776",
    "#2c3644": "#e3e7ec", "#161d27": "#ffffff", "#10151c": "#ffffff", "#10151d": "#16202e", "#f08a7c": "#b3261e",
    "#6db0ea": "#1a64a6"
  };
  var root = document.documentElement;

  function channels(hex) {
    return [1, 3, 5].map(function (at) { return parseInt(hex.slice(at, at + 2), 16); }).join(",");
  }
  function copied(figure) {
    var told = JSON.stringify({ data: figure.data, layout: figure.layout });
    if (root.dataset.bsTheme === "dark") Object.keys(DAY).forEach(function (night) {
      told = told.split(night).join(DAY[night]).split("rgba(" + channels(night) + ",").join("rgba(" + channels(DAY[night]) + ",");
    });
    return JSON.parse(told);
  }

  /* Each chart again beside its own, which stays what it is: what is drawn upon moves to its place, and would be printed on the way. */
  var drawn = [];
  function draw(element) {
    var figure = window.gongkai.whole(element), box = element.closest(".dash-graph"), sheet = document.createElement("div");
    if (!figure || !box) return;
    sheet.className = "sheet";
    box.parentNode.insertBefore(sheet, box);
    drawn.push(sheet);
    var copy = copied(figure), layout = copy.layout, meta = layout.meta || {}, width = sheet.clientWidth;
    var isNarrow = meta.narrow && width < meta.below, shown = isNarrow ? meta.narrow : copy;
    /* A chart that has followed its card has lost its height, which its box still has. */
    var height = shown.layout.height || box.clientHeight;
    /* Data and layout apart: drawn at once, for a sheet does not wait. */
    window.Plotly.newPlot(sheet, shown.data, Object.assign({}, shown.layout, { template: layout.template, width: width, height: height, autosize: false }));
  }
  window.addEventListener("beforeprint", function () {
    var from = document.getElementById("printed-from");
    if (from) from.textContent = location.href;
    if (drawn.length || !window.Plotly || !window.gongkai) return;
    root.classList.add("printing");
    document.querySelectorAll(".dash-graph .js-plotly-plot").forEach(draw);
  });
  window.addEventListener("afterprint", function () {
    root.classList.remove("printing");
    drawn.splice(0).forEach(function (sheet) {
      window.Plotly.purge(sheet);
      sheet.remove();
    });
  });
})();
