// The countdown of a session: one place after the other, with pauses, over a reload, and into the form at the end.
//
// Kept on the phone, encrypted (store.js), so that it outlives a reload, a lost tab, a dead battery and a lost network;
// where the browser offers no cryptography, the timings alone in sessionStorage. A place never counts more than its
// planned minutes. One tab runs it; another waits for its turn.
//
// Where this browser kept nothing about a session that was begun a while ago, light may have been on elsewhere: all the
// time since then, by the server's clock, is taken off. While it runs, the server is asked whether light may go on.
"use strict";

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const ASK_EVERY = 15 * SECOND;
  const JUMP = 2 * SECOND;
  const openpbm = (window.openpbm ??= {});
  const store = openpbm.store ?? null;

openpbm.runSession = async (root, sheet) => {
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
  const notice = root.querySelector("[data-stopped]");
  const button = (name) => timer.querySelector(`[data-do="${name}"]`);
  const begun = root.dataset.session;
  const key = `openpbm-session-${begun}`;
  const form = finish.querySelector("form");
  const online = !root.hasAttribute("data-offline");

  const planned = cards.map((card) => Number(card.dataset.minutes) * MINUTE);
  const fresh = () => ({ current: 0, ended: false, places: cards.map(() => ({ given: 0, since: null, begun: null, paused: null, pauses: [] })) });

  async function kept() {
    try {
      const entry = store ? await store.get(begun) : JSON.parse(sessionStorage.getItem(key));
      return entry && entry.state.places.length === cards.length ? entry : null;
    } catch {
      return null;
    }
  }

  // At most as much light as there was time can have been given, place after place; what truly was, nobody here knows.
  function afterwards() {
    const state = fresh();
    let passed = Number(root.dataset.elapsed) * SECOND;
    if (!(passed > MINUTE)) return state;
    state.places.forEach((one, number) => {
      one.given = Math.min(planned[number], passed);
      passed -= one.given;
    });
    const open = state.places.findIndex((one, number) => one.given < planned[number]);
    return { ...state, unsure: true, ended: open === -1, current: open === -1 ? cards.length - 1 : open };
  }

  // One tab counts; a second one would give the same light twice. It goes on when the first is closed.
  if (navigator.locks) {
    const elsewhere = root.querySelector("[data-elsewhere]");
    const mine = await holdLock(key, { ifAvailable: true });
    if (!mine) {
      finish.hidden = true;
      elsewhere.hidden = false;
      await holdLock(key, {});
      elsewhere.hidden = true;
    }
  }

  const before = await kept();
  const state = before?.state ?? afterwards();

  // Time since the start by this phone: its steady clock, which no change of date or zone moves; over a reload, and
  // where the phone slept while the page was away, the clock on its wall; never behind what the server counted.
  const elapsed = Number(root.dataset.elapsed) * SECOND;
  let passed = Math.max(elapsed, before ? before.passed_s * SECOND + Math.max(0, Date.now() - before.at) : 0);
  let wall = Date.now();
  let steady = performance.now();
  let wasAway = false;
  function now() {
    const byWall = Date.now() - wall;
    const bySteady = performance.now() - steady;
    passed += Math.abs(byWall - bySteady) < JUMP ? bySteady : wasAway ? Math.max(byWall, bySteady) : bySteady;
    wall += byWall;
    steady += bySteady;
    wasAway = document.visibilityState === "hidden";
    return passed;
  }

  const entry = {
    start: begun, began: root.dataset.began, item: before?.item ?? (crypto.randomUUID?.() ?? ""), to: root.dataset.arrived,
    page: root.dataset.page, sheet: before?.sheet ?? null, state, over_s: before?.over_s, values: before?.values ?? null,
    late: before?.late ?? false, barred: before?.barred ?? "",
  };
  // One after the other: an older state must not be written over a newer one.
  let writing = Promise.resolve();
  // Once the record has it nothing of it is kept again: what comes in late would have it sent a second time.
  let sent = false;
  const keep = () => {
    if (sent) return writing;
    const said = JSON.stringify({ ...entry, passed_s: now() / SECOND, at: Date.now() });
    if (store) {
      writing = writing.then(() => store.put(JSON.parse(said))).catch(() => {});
      return writing;
    }
    try {
      sessionStorage.setItem(key, said);
    } catch {
      // Storage may be closed: the timer works without it, but not over a reload.
    }
    return writing;
  };

  const place = () => state.places[state.current];
  const given = (number) => {
    const one = state.places[number];
    const running = one.since === null ? 0 : now() - one.since;
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
    const at = now();
    one.begun ??= at;
    if (one.paused !== null) {
      one.pauses.push([Math.round((one.paused - one.begun) / SECOND), Math.round((at - one.paused) / SECOND)]);
      one.paused = null;
    }
    one.since = at;
    said.dataset.minute = "";
    keep();
    stayAwake(true);
    draw();
    button("pause").focus();
  }

  function halt() {
    const one = place();
    if (one.since === null) return;
    one.given = given(state.current);
    one.since = null;
    one.paused = now();
    keep();
    stayAwake(false);
  }

  function hold() {
    halt();
    say(`Paused. ${Math.ceil(left() / MINUTE)} minutes left. Turn the lamp off or away.`);
    draw();
    button("start").focus();
  }

  // Whether light may go on: somebody else may have reported a warning sign meanwhile, or held the course.
  let stopped = !notice.hidden;
  let asked = 0;
  async function ask() {
    asked = Date.now();
    try {
      const answer = await fetch(root.dataset.state, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const told = await answer.json();
      if (told.stop) stopFor(told.reasons);
    } catch {
      // No network: the timer goes on, and the next question is put in a while.
    }
  }

  function stopFor(reasons) {
    if (stopped || state.ended) return;
    stopped = true;
    halt();
    sound();
    const lines = reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: reason }));
    notice.querySelector("[data-reasons]").replaceChildren(...lines);
    notice.hidden = false;
    draw();
    notice.focus();
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
    entry.over_s = now() / SECOND;
    keep();
    stayAwake(false);
    fill();
    draw();
    finish.querySelector("h2").focus();
    window.scrollTo(0, 0);
  }

  function fill() {
    if (state.unsure) return; // the person knows, the page does not
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
    button("start").hidden = running || over || stopped;
    button("start").querySelector("[data-label]").textContent = place().begun === null ? "Light on: start" : "Go on";
    button("pause").hidden = !running;
    button("next").hidden = !over || stopped || state.current === cards.length - 1;
    timer.hidden = state.ended;
    finish.hidden = !state.ended || Boolean(entry.values);
    root.querySelector("[data-kept]").hidden = !entry.values;
    document.body.classList.toggle("session-running", !state.ended);
  }

  function tick() {
    if (state.ended || place().since === null) return;
    if (left() <= 0) {
      done();
      return;
    }
    if (Date.now() - asked >= ASK_EVERY) ask();
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
    const short = !state.unsure && state.places.some((_, number) => given(number) < 0.9 * planned[number]);
    if (short) finish.querySelector("[data-reason]")?.focus();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && place().since !== null) stayAwake(true);
  });

  // Kept on the phone first, then sent; what the server wants mended goes the way of a page without a script.
  form.addEventListener("submit", async (event) => {
    if (!store) {
      sessionStorage.removeItem(key);
      return;
    }
    event.preventDefault();
    if (entry.values) return; // pressed twice
    if (!form.reportValidity()) return;
    entry.values = Object.fromEntries(new FormData(form));
    delete entry.values.csrfmiddlewaretoken;
    entry.barred = warning(entry.values);
    await keep();
    await sendIt();
  });

  function restore(field, value) {
    if (field) field.value = value; // a group of radio buttons takes its value as one
  }

  function warning({ skin_reaction: skin, stopped: why }) {
    if (!why && skin !== "pain" && skin !== "blister") return "";
    return root.querySelector("[data-bar-text]").textContent;
  }

  async function sendIt() {
    const answer = await openpbm.send(entry);
    if (sent) return;
    if (answer.outcome === "written") {
      sent = true;
      await writing;
      await store.drop(begun);
      location.assign(entry.page);
    } else if (answer.outcome === "mend" && online) {
      entry.values = null;
      await keep();
      form.submit();
    } else {
      // Nobody can ask about it later: it is taken up to the time that has passed on both clocks.
      const first = !entry.late;
      entry.late = true;
      if (answer.outcome === "another") entry.another = answer;
      await keep();
      draw();
      root.querySelector("[data-barred]").hidden = !entry.barred;
      if (first) root.querySelector("[data-kept] h2").focus();
      if (answer.outcome !== "no_network") location.assign(entry.page);
    }
  }

  // A form that came back with something to mend stays open with what stands in it, whatever the timer said.
  const mending = Boolean(finish.querySelector(".error-summary"));
  if (mending) Object.assign(state, { ended: true, unsure: true });
  for (const [name, value] of Object.entries(entry.values ?? {})) restore(form.elements[name], value);
  finish.querySelector("[data-item]").value = entry.item;
  if (before && !state.ended && place().begun !== null) {
    note.hidden = false;
    note.textContent = place().since === null ? "The page was away. The timer stands where you paused it." : "The page was away. The timer went on meanwhile: if the lamp was off, stop and write the true minutes.";
  }
  const late = root.querySelector(state.ended ? "[data-late-over]" : "[data-late]");
  if (!before && state.unsure && !mending) late.hidden = false;
  if (stopped) halt();
  keep();
  if (state.ended) fill();
  draw();
  root.querySelector("[data-barred]").hidden = !entry.barred;
  sheet.then((text) => {
    entry.sheet ??= text;
    keep();
  });
  setInterval(tick, 250);
  window.addEventListener("online", () => entry.values && sendIt());
  setInterval(() => entry.values && navigator.onLine && sendIt(), ASK_EVERY);
  if (entry.values && navigator.onLine) sendIt();
};

  // Held until the page goes away: the promise given to the lock never ends.
  function holdLock(name, options) {
    return new Promise((resolve) => {
      navigator.locks.request(name, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      });
    });
  }

  const root = document.querySelector("[data-session]");
  if (root) openpbm.runSession(root, openpbm.sheetOf(root));
})();
