/* The page of a draft beyond HTML: documents dropped on it are sent one by one with their progress, and the page follows
   what becomes of them. Without this script the form sends the documents, and the page is looked at again. */
(function () {
  "use strict";

  var AT_ONCE = 2, LOOK = 900;
  var drop = document.getElementById("drop");
  var waiting = [], under = 0, timer = null;

  /* Sending */
  function line(file) {
    var item = document.createElement("li");
    var name = document.createElement("bdi");
    var bar = document.createElement("progress");
    var said = document.createElement("span");
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    said.className = "said";
    said.setAttribute("role", "status");
    item.append(name, bar, said);
    document.getElementById("sending").append(item);
    return { item: item, bar: bar, said: said };
  }

  function failed(shown, sentence) {
    shown.item.classList.add("is-refused");
    shown.bar.remove();
    shown.said.textContent = sentence;
  }

  function take(files) {
    Array.prototype.forEach.call(files, function (file) {
      var shown = line(file);
      if (file.size > Number(drop.dataset.most)) return failed(shown, drop.dataset.large);
      waiting.push({ file: file, shown: shown });
    });
    next();
  }

  function next() {
    while (under < AT_ONCE && waiting.length) send(waiting.shift());
  }

  function send(one) {
    var request = new XMLHttpRequest();
    var form = new FormData();
    form.append("files", one.file, one.file.name);
    under += 1;
    request.open("POST", drop.dataset.files);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf"]').content);
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) one.shown.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", function () {
      under -= 1;
      if (request.status === 201) one.shown.item.remove();
      else failed(one.shown, told(request));
      look();
      next();
    });
    request.send(form);
  }

  function told(request) {
    try {
      return JSON.parse(request.responseText).detail || drop.dataset.lost;
    } catch (error) {
      return drop.dataset.lost;
    }
  }

  if (drop) {
    var input = document.getElementById("files");
    drop.classList.add("live");
    input.addEventListener("change", function () {
      take(input.files);
      input.value = "";
    });
    ["dragenter", "dragover"].forEach(function (kind) {
      document.addEventListener(kind, function (event) {
        if (!event.dataTransfer || Array.prototype.indexOf.call(event.dataTransfer.types, "Files") < 0) return;
        event.preventDefault();
        drop.classList.add("over");
      });
    });
    document.addEventListener("dragleave", function (event) {
      if (!event.relatedTarget) drop.classList.remove("over");
    });
    document.addEventListener("drop", function (event) {
      if (!event.dataTransfer || !event.dataTransfer.files.length) return;
      event.preventDefault();
      drop.classList.remove("over");
      take(event.dataTransfer.files);
    });
  }

  /* Following: the page is asked for again, and what has changed of it takes the place of what is shown. */
  function plain(element) {
    return element.outerHTML.replace(/(name="csrf" value=")[^"]*/g, "$1").replace(/ open=""/g, "");
  }

  function isInUse(element) {
    var active = document.activeElement;
    return element.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName) && active.type !== "file";
  }

  function replace(shown, fresh) {
    var open = [], active = document.activeElement, focus = shown.contains(active) ? active.id : "";
    shown.querySelectorAll("details[open][id]").forEach(function (each) { open.push(each.id); });
    shown.replaceWith(fresh);
    open.forEach(function (id) {
      var details = document.getElementById(id);
      if (details) details.open = true;
    });
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
  }

  function retitle(page) {
    var shown = document.querySelector("main > .title"), fresh = page.querySelector("main > .title");
    if (shown && fresh && shown.innerHTML !== fresh.innerHTML) shown.replaceWith(document.importNode(fresh, true));
    if (document.title !== page.title) document.title = page.title;
  }

  function look() {
    clearTimeout(timer);
    fetch(location.pathname + location.search.replace(/([?&])done=[^&]*/, "$1"), { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html");
        document.querySelectorAll("[data-live]").forEach(function (shown) {
          var fresh = page.getElementById(shown.id);
          if (fresh && plain(shown) !== plain(fresh) && !isInUse(shown)) replace(shown, document.importNode(fresh, true));
        });
        retitle(page);
        again();
      })
      .catch(again);
  }

  function again() {
    clearTimeout(timer);
    if (under || waiting.length || document.querySelector('[data-busy="yes"]')) timer = setTimeout(look, LOOK);
  }

  again();
})();
