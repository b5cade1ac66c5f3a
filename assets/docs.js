/* The page to try the API with is dark where the reader's system is. */
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const look = () => {
    const page = document.querySelector("rapi-doc");
    page.setAttribute("theme", dark.matches ? "dark" : "light");
    page.setAttribute("primary-color", dark.matches ? "#ff8a7a" : "#b3261e");
    page.setAttribute("bg-color", dark.matches ? "#121821" : "#ffffff");
  };
  dark.addEventListener("change", look);
  look();
})();
