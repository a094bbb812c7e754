(function () {
  var body = document.body, age = document.getElementById("age"), main = document.getElementById("main");
  var made = body.getAttribute("data-made"), heard = new Date().getTime(), stale = "", source = null, polls = false;
  var lang = "?lang=" + encodeURIComponent(body.getAttribute("data-lang"));
  function show(text) {
    var told = JSON.parse(text);
    if (told.html !== main.innerHTML) { main.innerHTML = told.html; }
    made = told.made; stale = told.stale; heard = new Date().getTime();
    tick();
  }
  function tick() {
    var seconds = Math.round((new Date().getTime() - heard) / 1000), words, amber = false;
    if (stale) { words = stale; amber = true; }
    else if (seconds < 20) { words = body.getAttribute("data-live").replace("TIME", made); }
    else if (seconds < 180) { words = body.getAttribute("data-old").replace("COUNT", seconds); amber = seconds >= 30; }
    else { words = body.getAttribute("data-stale").replace("TIME", made); amber = true; }
    if (age.textContent !== words) { age.textContent = words; }
    age.className = amber ? "age stale" : "age";
  }
  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", "/now" + lang);
    request.timeout = 10000;
    request.onload = function () { if (request.status === 200) { show(request.responseText); } };
    request.send();
  }
  function open() {
    if (source) { source.close(); }
    source = null;
    if (!window.EventSource) { polls = true; return; }
    polls = false;
    source = new EventSource("/events" + lang);
    source.onmessage = function (event) { show(event.data); };
    source.addEventListener("beat", function (event) { if (JSON.parse(event.data).current) { heard = new Date().getTime(); } });
    source.addEventListener("poll", function () { source.close(); source = null; polls = true; });
  }
  function back() { if (!document.hidden) { ask(); open(); } }
  document.addEventListener("visibilitychange", back);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { back(); } });
  window.addEventListener("online", back);
  window.setInterval(tick, 1000);
  window.setInterval(function () {
    if (polls || new Date().getTime() - heard > 25000) { ask(); }
    if (source && source.readyState === 2) { open(); }
  }, 15000);
  open();
}());
