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

  window.gongkaiAdmin = { send: send };
})();
