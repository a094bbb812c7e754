(function () {
  "use strict";
  var LIVE_S = 18, POLL_S = 15, OLD_S = 30, GONE_S = 180, SLEEP_S = 300;
  var doc = document, page = byId("visit"), start = JSON.parse(byId("start").textContent), words = start.words, shown = start.visit;
  var base = location.pathname, query = start.query, near = byId("near"), bell = byId("bell"), age = byId("age"), silent = bell && bell.textContent;
  var put = Date.now(), seen = put, polled = put, opened = 0, asleep = 0, isCut = false, isLoud = false, isOver = false, stream, sound;

  function byId(id) { return doc.getElementById(id); }
  function on(target, name, act) { target.addEventListener(name, act); }
  function each(name, act) {
    var found = doc.querySelectorAll("[data-" + name + "]"), i;
    for (i = 0; i < found.length; i += 1) { act(found[i], found[i].getAttribute("data-" + name)); }
  }
  function write(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }
  function isEnd(visit) { return visit.state === "finished" || visit.state === "left"; }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function clock(isLong) {
    var s = (shown.at_s + Math.round((seen - put) / 1000)) % 86400, hours = Math.floor(s / 3600), minutes = two(Math.floor(s / 60) % 60);
    return isLong ? two(hours) + ":" + minutes + ":" + two(s % 60) : hours + ":" + minutes;
  }
  function draw() {
    var isStale = Date.now() - seen >= GONE_S * 1000;
    if (shown.texts) {
      each("t", function (element, name) { write(element, shown.texts[name] || ""); });
      each("b", function (element, name) { element.hidden = shown.shown.indexOf(name) < 0; });
      each("arrow", function (element) { element.setAttribute("class", "arrow " + (shown.arrow || "none")); });
      each("waiting", function (element) { element.hidden = shown.state !== "waiting"; });
      drawDots();
      doc.title = shown.title;
    }
    page.className = shown.state + (isStale ? " stale" : "");
    byId("stale").hidden = !isStale;
    if (isStale) {
      write(byId("gone"), words.gone.replace("{time}", clock()));
      each("then", function (element, states) {
        if (states.indexOf(shown.state) >= 0) { element.textContent = words.then.replace("{time}", clock()) + " " + element.textContent; }
      });
    }
    tick();
  }
  function drawDots() {
    var list = byId("dots"), i, item;
    if (!list) { return; }
    list.textContent = "";
    for (i = 0; i < shown.dots.length; i += 1) {
      item = doc.createElement("li");
      item.className = shown.dots[i].kind;
      item.textContent = item.className === "own" ? words.you : shown.dots[i].label;
      list.appendChild(item);
    }
  }
  function tick() {
    var s = Math.round((Date.now() - seen) / 1000), text = words.live;
    if (isCut || s >= LIVE_S || shown.away) { text = s < 90 ? words.seconds.replace("{n}", s) : words.minutes.replace("{n}", Math.round(s / 60)); }
    write(age, shown.away ? words.since.replace("{time}", shown.away) : text);
    if (age) { age.className = s >= OLD_S || shown.away ? "age old" : "age"; }
    write(byId("updated"), words.updated.replace("{time}", clock(true)));
    if (s >= GONE_S && byId("stale").hidden && !isOver) { draw(); }
  }
  function take(next) {
    var before = shown;
    if (isOver) { return; }
    if (isEnd(next) !== isEnd(before)) { location.replace(base + query); return; }
    shown = next;
    put = seen = Date.now();
    isCut = false;
    draw();
    if (next.say !== before.say) { write(byId("say"), next.say); }
    if (next.call && next.call !== before.call) { ring(3); }
    if (near && next.ahead !== null && next.ahead <= near.value && (before.ahead === null || before.ahead > near.value)) { ring(1); }
  }
  function heard(event) {
    if (!JSON.parse(event.data).current) { return; }
    seen = Date.now();
    isCut = false;
    if (!byId("stale").hidden) { draw(); }
  }
  function refresh() {
    var request = new XMLHttpRequest();
    polled = Date.now();
    request.open("GET", base + "/now" + query);
    request.timeout = 10000;
    request.onload = function () {
      if (request.status === 200) { take(JSON.parse(request.responseText)); }
      if (request.status === 404) { end(); }
    };
    request.onerror = function () { isCut = true; };
    request.send();
  }
  function close() {
    if (stream) { stream.close(); }
    stream = null;
  }
  function open() {
    close();
    opened = Date.now();
    if (!window.EventSource) { return; }
    stream = new EventSource(base + "/events" + query);
    stream.onmessage = function (event) { take(JSON.parse(event.data)); };
    stream.onerror = function () { isCut = true; tick(); };
    on(stream, "beat", heard);
    on(stream, "over", end);
    on(stream, "poll", function () { close(); opened = Infinity; });
  }
  function end() {
    close();
    isOver = true;
    page.className = "left stale";
    each("b", function (element, name) { element.hidden = name !== "advice"; });
    write(doc.querySelector("[data-b=advice]"), words.over);
    write(byId("say"), words.over);
    byId("stale").hidden = true;
    if (age) { age.hidden = true; }
  }
  function wake() {
    refresh();
    open();
    if (sound) { sound.resume(); }
  }
  function ring(times) {
    var i;
    if (!isLoud) { return; }
    if (navigator.vibrate) { navigator.vibrate(times > 1 ? [400, 200, 400, 200, 400] : 300); }
    for (i = 0; sound && i < times; i += 1) { tone(sound.currentTime + i * 0.6); }
  }
  function tone(at) {
    var source = sound.createOscillator(), volume = sound.createGain();
    source.frequency.value = 880;
    volume.gain.setValueAtTime(0.4, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    source.connect(volume);
    volume.connect(sound.destination);
    source.start(at);
    source.stop(at + 0.5);
  }
  function switchBell() {
    var Sound = window.AudioContext || window.webkitAudioContext;
    isLoud = !isLoud;
    bell.setAttribute("aria-pressed", isLoud);
    write(bell, isLoud ? words.loud : silent);
    if (isLoud && Sound) {
      sound = sound || new Sound();
      sound.resume();
    }
    if (isLoud && navigator.wakeLock) { navigator.wakeLock.request("screen")["catch"](tick); }
    ring(1);
  }
  setInterval(function () {
    var now = Date.now();
    if (isOver || asleep && now - asleep > SLEEP_S * 1000) { close(); return; }
    if (now - seen >= POLL_S * 1000 && now - polled >= POLL_S * 1000) { refresh(); }
    if (now - seen >= OLD_S * 1000 && now - opened >= OLD_S * 1000) { open(); }
    tick();
  }, 1000);
  on(doc, "visibilitychange", function () {
    asleep = doc.hidden ? Date.now() : 0;
    if (!asleep) { wake(); }
  });
  on(doc, "resume", wake);
  on(window, "pageshow", function (event) { if (event.persisted) { wake(); } });
  on(window, "online", wake);
  on(window, "offline", function () { isCut = true; tick(); });
  on(byId("again"), "click", wake);
  if (bell) {
    on(bell, "click", switchBell);
    bell.parentNode.hidden = false;
  }
  tick();
  open();
})();
