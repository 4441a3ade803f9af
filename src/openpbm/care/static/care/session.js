// The countdown of a session: one place after the other, with pauses, over a reload, and into the form at the end.
//
// Kept in sessionStorage under the start's id: timings alone, nothing about the person. The clock is Date.now(), which
// goes on while the page is away; a place never counts more than its planned minutes.
"use strict";

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;

  const root = document.querySelector("[data-session]");
  if (!root) return;
  const timer = root.querySelector("[data-timer]");
  const finish = root.querySelector("[data-finish]");
  const cards = [...timer.querySelectorAll("[data-position]")];
  if (!cards.length) return;
  const ring = timer.querySelector("[data-ring]");
  const arc = ring.querySelector(".timer-left");
  const digits = timer.querySelector("[data-digits]");
  const word = timer.querySelector("[data-word]");
  const said = timer.querySelector("[data-said]");
  const note = timer.querySelector("[data-note]");
  const button = (name) => timer.querySelector(`[data-do="${name}"]`);
  const key = `openpbm-session-${root.dataset.session}`;

  const planned = cards.map((card) => Number(card.dataset.minutes) * MINUTE);
  const fresh = () => ({ current: 0, ended: false, places: cards.map(() => ({ given: 0, since: null, begun: null, paused: null, pauses: [] })) });

  function kept() {
    try {
      const state = JSON.parse(sessionStorage.getItem(key));
      return state && state.places.length === cards.length ? state : null;
    } catch {
      return null;
    }
  }

  const state = kept() ?? fresh();
  const keep = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(state));
    } catch {
      // Storage may be closed: the timer works without it, but not over a reload.
    }
  };

  const place = () => state.places[state.current];
  const given = (number) => {
    const one = state.places[number];
    const running = one.since === null ? 0 : Date.now() - one.since;
    return Math.min(planned[number], one.given + Math.max(0, running));
  };
  const left = () => planned[state.current] - given(state.current);
  const clock = (milliseconds) => {
    // The face is drawn four times a second: what is a fraction late still shows its second.
    const seconds = Math.max(0, Math.ceil((milliseconds - 250) / SECOND));
    return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  };

  let awake = null;
  async function stayAwake(on) {
    try {
      if (on && !awake) {
        awake = await navigator.wakeLock?.request("screen");
        awake?.addEventListener("release", () => (awake = null));
      } else if (!on) {
        await awake?.release();
        awake = null;
      }
    } catch {
      awake = null; // a phone low on battery says no; the timer goes on all the same
    }
  }

  let tones = null;
  function sound() {
    navigator.vibrate?.([300, 150, 300]);
    if (!tones) return;
    for (const [at, pitch] of [[0, 660], [0.35, 880]]) {
      const tone = tones.createOscillator();
      const volume = tones.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, tones.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.2, tones.currentTime + at + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, tones.currentTime + at + 0.3);
      tone.connect(volume).connect(tones.destination);
      tone.start(tones.currentTime + at);
      tone.stop(tones.currentTime + at + 0.32);
    }
  }

  function say(text) {
    said.textContent = text;
  }

  function start() {
    const one = place();
    tones ??= window.AudioContext ? new AudioContext() : null;
    tones?.resume();
    const now = Date.now();
    one.begun ??= now;
    if (one.paused !== null) {
      one.pauses.push([Math.round((one.paused - one.begun) / SECOND), Math.round((now - one.paused) / SECOND)]);
      one.paused = null;
    }
    one.since = now;
    said.dataset.minute = "";
    keep();
    stayAwake(true);
    draw();
    button("pause").focus();
  }

  function hold() {
    const one = place();
    one.given = given(state.current);
    one.since = null;
    one.paused = Date.now();
    keep();
    stayAwake(false);
    say(`Paused. ${Math.ceil(left() / MINUTE)} minutes left. Turn the lamp off or away.`);
    draw();
    button("start").focus();
  }

  function done() {
    const one = place();
    one.given = planned[state.current];
    one.since = null;
    keep();
    sound();
    const last = state.current === cards.length - 1;
    say(last ? "Time is up. Turn the lamp off." : "Time is up here. Move the lamp to the next place.");
    if (last) {
      end();
      return;
    }
    draw();
    button("next").focus();
  }

  function next() {
    state.current += 1;
    keep();
    draw();
    cards[state.current].querySelector("h2").focus();
  }

  // Into the form: a person may still change what the timer counted.
  function end() {
    for (const one of state.places) {
      if (one.since !== null) {
        const number = state.places.indexOf(one);
        one.given = given(number);
        one.since = null;
      }
    }
    state.ended = true;
    keep();
    stayAwake(false);
    fill();
    draw();
    finish.querySelector("h2").focus();
    finish.scrollIntoView({ block: "start" });
  }

  function fill() {
    let field = 0;
    cards.forEach((card, number) => {
      for (const _ of card.dataset.fields.split(",")) {
        const minutes = finish.querySelector(`[data-minutes="${field}"]`);
        const pauses = finish.querySelector(`[data-pauses="${field}"]`);
        if (minutes && minutes.value === "") minutes.value = (Math.round((given(number) / MINUTE) * 10) / 10).toString();
        if (pauses) pauses.value = JSON.stringify(state.places[number].pauses);
        field += 1;
      }
    });
  }

  function draw() {
    const running = place().since !== null;
    const remaining = left();
    const over = remaining <= 0;
    cards.forEach((card, number) => (card.hidden = number !== state.current));
    digits.textContent = clock(remaining);
    arc.style.strokeDashoffset = String(100 * (1 - remaining / planned[state.current]));
    ring.classList.toggle("timer-paused", !running && place().begun !== null && !over);
    ring.classList.toggle("timer-done", over);
    word.textContent = over ? "done" : running ? "left" : place().begun === null ? "to give" : "paused";
    button("start").hidden = running || over;
    button("start").querySelector("[data-label]").textContent = place().begun === null ? "Light on: start" : "Go on";
    button("pause").hidden = !running;
    button("next").hidden = !over || state.current === cards.length - 1;
    timer.hidden = state.ended;
    finish.hidden = !state.ended;
  }

  function tick() {
    if (state.ended || place().since === null) return;
    if (left() <= 0) {
      done();
      return;
    }
    const minutes = Math.ceil(left() / MINUTE);
    if (said.dataset.minute !== String(minutes)) {
      said.dataset.minute = String(minutes);
      say(minutes === 1 ? "1 minute left" : `${minutes} minutes left`);
    }
    draw();
  }

  button("start").addEventListener("click", start);
  button("pause").addEventListener("click", hold);
  button("next").addEventListener("click", next);
  button("stop").addEventListener("click", () => {
    end();
    const short = state.places.some((_, number) => given(number) < 0.9 * planned[number]);
    if (short) finish.querySelector("[data-reason]")?.focus();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && place().since !== null) stayAwake(true);
  });
  finish.querySelector("form").addEventListener("submit", () => sessionStorage.removeItem(key));

  // A form that came back with something to mend stays open, whatever the timer said.
  if (finish.querySelector(".error-summary")) state.ended = true;
  if (kept() && !state.ended && place().begun !== null) {
    note.hidden = false;
    note.textContent = place().since === null ? "The page was away. The timer stands where you paused it." : "The page was away. The timer went on meanwhile: if the lamp was off, stop and write the true minutes.";
  }
  timer.hidden = false;
  if (state.ended) fill();
  draw();
  setInterval(tick, 250);
})();
