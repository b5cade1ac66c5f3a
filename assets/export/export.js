/* Code to copy names the whole address of this folder, which the files themselves do not know. */
(function () {
  "use strict";
  document.querySelectorAll("textarea[data-here]").forEach(function (area) {
    area.value = area.value.replace(/ src="([^"]*)"/g, function (all, address) {
      return ' src="' + new URL(address.replace(/&amp;/g, "&"), location.href).href.replace(/&/g, "&amp;") + '"';
    });
  });
})();
