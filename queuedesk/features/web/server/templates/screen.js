(function () {
  var body = document.body, screen = document.getElementById("screen"), voice = document.getElementById("voice");
  var heard = now(), ahead = new Date().getTime() - heard, offset = -new Date().getTimezoneOffset(), since = "", shown = "", source = null, polls = false;
  var slides = document.getElementById("slides"), deck = null, wanted = "", asked = "", slide = 0, slid = heard;
  var speaks = false, said = -1, strip = 0, turned = heard, size = "";
  var place = "/display/" + encodeURIComponent(body.getAttribute("data-place"));
  function query() {
    return "?lang=" + encodeURIComponent(body.getAttribute("data-lang")) + "&layout=" + encodeURIComponent(body.getAttribute("data-layout")) +
      "&w=" + window.innerWidth + "&h=" + window.innerHeight + "&slides=" + body.getAttribute("data-slides");
  }
  function now() { return window.performance ? performance.now() : new Date().getTime(); }
  function clock(at) {
    var minutes = Math.floor((at + ahead) / 60000) + offset, minute = minutes % 60;
    return Math.floor(minutes / 60) % 24 + ":" + (minute < 10 ? "0" : "") + minute;
  }
  function show(text) {
    var told = JSON.parse(text), i, j, call, words;
    heard = now(); ahead = told.at - heard; offset = told.offset; since = told.since; wanted = told.slides;
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
    turnSlides(late);
  }
  function deal(text) {
    var i, one, told;
    deck = JSON.parse(text);
    slides.innerHTML = "";
    for (i = 0; i < deck.list.length; i += 1) {
      told = deck.list[i];
      one = document.createElement("div");
      one.setAttribute("data-seconds", told.seconds);
      if (told.svg) { one.innerHTML = told.svg; } else { one.appendChild(medium(one, told)); }
      slides.appendChild(one);
    }
    slid = now();
  }
  function medium(one, told) {
    var shows = document.createElement(told.film ? "video" : "img");
    one.setAttribute("data-src", told.at);
    shows.muted = true;
    shows.setAttribute("playsinline", "");
    shows.addEventListener("error", function () { if (one.parentNode) { slides.removeChild(one); slid = now(); } });
    return shows;
  }
  function play(film) {
    var begun = film.play();
    if (begun) { begun["catch"](function () { return; }); }
  }
  function askForSlides() {
    var request = new XMLHttpRequest();
    asked = wanted;
    request.open("GET", place + "/slides" + query());
    request.timeout = 8000;
    request.onload = function () { if (request.status === 200) { deal(request.responseText); } };
    request.onloadend = function () { asked = ""; };
    request.send();
  }
  function turnSlides(late) {
    var list = slides.children, i, film, share, left, top, isOn;
    if (wanted && !asked && (!deck || deck.key !== wanted)) { askForSlides(); }
    isOn = wanted && deck && list.length && !late;
    slides.style.display = isOn ? "block" : "none";
    film = list[slide] && list[slide].querySelector("video");
    if (!isOn) {
      if (film) { film.pause(); }
      slid = now();
      return;
    }
    share = Math.min(screen.clientWidth / deck.canvas[0], screen.clientHeight / deck.canvas[1]);
    left = (screen.clientWidth - deck.canvas[0] * share) / 2;
    top = (screen.clientHeight - deck.canvas[1] * share) / 2;
    slides.style.left = left + deck.box[0] * share + "px";
    slides.style.top = top + deck.box[1] * share + "px";
    slides.style.width = deck.box[2] * share + "px";
    slides.style.height = deck.box[3] * share + "px";
    slides.style.fontSize = 32 * share + "px";
    if (slide >= list.length) { slide = 0; slid = now(); }
    film = list[slide].querySelector("video");
    if (film ? film.ended || now() - slid > 6000 && !film.currentTime : now() - slid > list[slide].getAttribute("data-seconds") * 1000) {
      slide = (slide + 1) % list.length;
      slid = now();
      film = list[slide].querySelector("video");
      if (film && film.currentTime) { film.currentTime = 0; }
    }
    for (i = 0; i < list.length; i += 1) {
      list[i].className = i === slide ? "shown" : "";
      if (list.length > 1) { list[i].setAttribute("data-at", i + 1 + " / " + list.length); }
      if (i === slide && list[i].getAttribute("data-src") && !list[i].firstChild.getAttribute("src")) { list[i].firstChild.src = list[i].getAttribute("data-src"); }
    }
    if (film && film.paused) { play(film); }
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
