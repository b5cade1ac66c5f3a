/* On a page of another site: gives each frame of a Gongkai chart the height that its content has, as often as it changes. */
(function () {
  "use strict";
  if (window.gongkaiFrames) return;
  window.gongkaiFrames = true;

  function frames() { return [].slice.call(document.querySelectorAll("iframe[data-gongkai]")); }

  window.addEventListener("message", function (event) {
    var height = event.data && event.data.gongkai && Number(event.data.gongkai.height);
    if (!(height > 0 && height < 20000)) return;
    frames().forEach(function (frame) {
      if (frame.contentWindow !== event.source) return;
      frame.style.aspectRatio = "auto";
      frame.style.minHeight = "0";
      frame.style.maxHeight = "none";
      frame.style.height = height + "px";
    });
  });
  function ask() {
    frames().forEach(function (frame) { if (frame.contentWindow) frame.contentWindow.postMessage("gongkai", "*"); });
  }
  ask();
  window.addEventListener("load", ask);
})();
