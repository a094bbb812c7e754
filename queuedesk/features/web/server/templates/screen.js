(function () {
  var body = document.body, screen = document.getElementById("screen"), voice = document.getElementById("voice");
  var heard = now(), ahead = new Date().getTime() - heard, offset = -new Date().getTimezoneOffset(), since = "", shown = "", source = null, polls = false;
  var speaks = false, said = -1, strip = 0, turned = heard, size = "";
  var place = "/display/" + encodeURIComponent(body.getAttribute("data-place"));
  function query() {
    return "?lang=" + encodeURIComponent(body.getAttribute("data-lang")) + "&layout=" + encodeURIComponent(body.getAttribute("data-layout")) +
      "&w=" + window.innerWidth + "&h=" + window.innerHeight;
  }
  function now() { return window.performance ? performance.now() : new Date().getTime(); }
  function clock(at) {
    var minutes = Math.floor((at + ahead) / 60000) + offset, minute = minutes % 60;
    return Math.floor(minutes / 60) % 24 + ":" + (minute < 10 ? "0" : "") + minute;
  }
  function show(text) {
    var told = JSON.parse(text), i, j, call, words;
    heard = now(); ahead = told.at - heard; offset = told.offset; since = told.since;
    if (told.svg !== shown) { shown = told.svg; screen.innerHTML = shown; turn(true); }
    for (i = 0; i < told.calls.length; i += 1) {
      call = told.calls[i];
      for (j = 0; speaks && call.seq > said && j < call.say.length; j += 1) {
        words = new SpeechSynthesisUtterance(call.say[j].text);
        words.lang = call.say[j].lang;
        window.speechSynthesis.speak(words);
      }
    }
    for (i = 0; i < told.calls.length; i += 1) { report(told.calls[i].seq); said = Math.max(said, told.calls[i].seq); }
    tick();
  }
  function report(seq) {
    if (!body.getAttribute("data-report") || seq <= said || document.hidden) { return; }
    window.setTimeout(function () {
      var request = new XMLHttpRequest();
      request.open("POST", place + "/shown");
      request.send(String(seq));
    }, 50);
  }
  function tick() {
    var element = document.getElementById("clock"), late = since || now() - heard > 9000, lost, i, time = since || clock(heard);
    if (element && element.textContent !== clock(now())) { element.textContent = clock(now()); }
    body.className = (late ? "old" : "") + " turned";
    if (late) {
      lost = screen.querySelectorAll(".lost text");
      for (i = 0; i < lost.length; i += 1) {
        if (lost[i].textContent.indexOf("TIME") >= 0) { lost[i].textContent = lost[i].textContent.replace("TIME", time); shown = ""; }
      }
    }
    turn(false);
  }
  function turn(stays) {
    var texts = screen.querySelectorAll(".strip"), i;
    if (!texts.length) { return; }
    if (strip >= texts.length) { strip = 0; }
    if (!stays && now() - turned > texts[strip].getAttribute("data-seconds") * 1000) { strip = (strip + 1) % texts.length; turned = now(); }
    for (i = 0; i < texts.length; i += 1) { texts[i].setAttribute("class", i === strip ? "strip shown" : "strip"); }
  }
  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", place + "/now" + query());
    request.timeout = 8000;
    request.onload = function () { if (request.status === 200) { show(request.responseText); } };
    request.send();
  }
  function open() {
    if (source) { source.close(); }
    source = null;
    size = window.innerWidth + "x" + window.innerHeight;
    polls = !window.EventSource;
    if (polls) { ask(); return; }
    source = new EventSource(place + "/events" + query());
    source.onmessage = function (event) { show(event.data); };
    source.addEventListener("poll", function () { source.close(); source = null; polls = true; });
  }
  if (voice) {
    window.setTimeout(function () { voice.className = "on"; }, 120000);
    voice.style.display = window.speechSynthesis ? "" : "none";
    voice.addEventListener("click", function () {
      speaks = true;
      voice.className = "on";
      window.speechSynthesis.speak(new SpeechSynthesisUtterance(voice.getAttribute("data-on")));
    });
  }
  window.addEventListener("resize", function () { if (size !== window.innerWidth + "x" + window.innerHeight) { open(); } });
  window.addEventListener("online", open);
  window.setInterval(tick, 1000);
  window.setInterval(function () {
    if (polls || now() - heard > 20000) { ask(); }
    if (source && source.readyState === 2) { open(); }
  }, 5000);
  open();
}());
