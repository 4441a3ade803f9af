// Sends what the phone kept, says how much is not sent yet, and keeps light off and the way out shut meanwhile.
//
// On every page of somebody who is signed in. An entry is sent once or many times, and written once: its id was made
// here. What another device wrote first stays as it is; the person is told and decides.
"use strict";

(() => {
  const openpbm = (window.openpbm ??= {});
  const store = openpbm.store;
  const TRY_EVERY = 20_000;

  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

  const token = () => /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";

  // written | another (409) | mend (422) | signed_out | refused | no_network
  async function send(entry) {
    const body = new URLSearchParams({ ...entry.values, item: entry.item, passed_s: entry.over_s ?? entry.passed_s, late: entry.late ? "on" : "" });
    try {
      const answer = await fetch(entry.to, {
        method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token(), Accept: "application/json" },
      });
      if (answer.ok) return { outcome: "written", ...(await answer.json()) };
      if (answer.type === "opaqueredirect") return { outcome: "signed_out" };
      if (answer.status === 409) return { outcome: "another", ...(await answer.json()) };
      if (answer.status === 422) return { outcome: "mend", ...(await answer.json()) };
      return { outcome: answer.status >= 500 || answer.status === 429 ? "no_network" : "refused" };
    } catch {
      return { outcome: "no_network" };
    }
  }
  openpbm.send = send;

  if (!store) return;

  const isUnsent = (entry) => Boolean(entry.values);
  openpbm.unsent = async () => (await store.all()).filter(isUnsent);

  // Two tabs would send the same entry twice, which does no harm; one at a time spares the network.
  const alone = (task) => (navigator.locks ? navigator.locks.request("openpbm-sending", task) : task());

  async function sendAll() {
    await alone(async () => {
      for (const entry of await openpbm.unsent()) {
        if (entry.another) continue;
        const answer = await send(entry);
        if (answer.outcome === "written") await store.drop(entry.start);
        else if (answer.outcome === "another") await store.put({ ...entry, another: answer });
        else await store.put({ ...entry, tried: answer.outcome });
      }
    });
    const left = await openpbm.unsent();
    show(left);
    return left;
  }
  openpbm.sendAll = sendAll;

  const WHY = {
    signed_out: "Sign in to send it.",
    refused: "This account may not send it. Sign in with the account that began the session.",
    mend: "Something in it has to be mended: open the session and save it again.",
  };

  const element = (name, text, ...classes) => {
    const made = document.createElement(name);
    made.textContent = text;
    made.classList.add(...classes);
    return made;
  };

  function button(text, act) {
    const made = element("button", text, "button");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  // The count, on every page, and what can be done about it.
  function show(entries) {
    let notice = document.querySelector("[data-unsent]");
    if (!entries.length) {
      const told = Boolean(notice);
      notice?.remove();
      bar([]);
      return told;
    }
    if (!notice) {
      notice = element("div", "", "notice", "notice-caution");
      notice.dataset.unsent = "";
      notice.setAttribute("role", "status");
      document.querySelector("main").prepend(notice);
    }
    const count = entries.length;
    const box = element("div", "", "stack-small");
    box.append(element("p", `Not sent yet: ${count} ${count === 1 ? "entry" : "entries"}. Kept on this phone, nothing is lost. No new session until it is sent.`));
    for (const entry of entries) box.append(...about(entry));
    const actions = element("div", "", "cluster");
    actions.append(button("Send now", () => sendAll().then((left) => left.length || location.reload())));
    actions.append(button("Save as a file", () => exported(entries)));
    box.append(actions);
    notice.replaceChildren(box);
    bar(entries);
    return true;
  }

  function about(entry) {
    const lines = [];
    if (entry.barred) lines.push(element("p", entry.barred));
    if (WHY[entry.tried]) lines.push(element("p", WHY[entry.tried]));
    if (entry.another) {
      const recorded = entry.another.recorded_minutes.map((minutes) => minutes ?? "not known").join(" and ");
      lines.push(element("p", `Another device wrote this session down first (minutes: ${recorded}). That stays as it is. On this phone stands: ${minutesOf(entry)}.`));
      lines.push(button("Leave it as it is recorded", () => store.drop(entry.start).then(() => location.reload())));
    }
    return lines;
  }

  const minutesOf = (entry) =>
    Object.entries(entry.values).filter(([name]) => name.startsWith("minutes_")).map(([, minutes]) => minutes || "not known").join(" and ");

  // No second session while something is not sent, and none after a reaction: the record does not know of it yet.
  function bar(entries) {
    for (const control of document.querySelectorAll("[data-begins]")) control.disabled = entries.length > 0;
  }

  function exported(entries) {
    const said = entries.map(({ start, began, values, over_s }) => ({ session: start, began, passed_s: over_s, ...values }));
    const link = element("a", "");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(said, null, 2)], { type: "application/json" }));
    link.download = "sessions-not-sent.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    openpbm.wasExported = true;
  }

  // The way out: first everything is sent; what cannot be sent keeps one in, or is saved as a file.
  for (const form of document.querySelectorAll("form[action$='/account/logout/']")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const left = await sendAll();
      if (left.length && !openpbm.wasExported) {
        const notice = document.querySelector("[data-unsent]");
        notice.setAttribute("role", "alert");
        notice.querySelector("p").textContent = `You are still signed in: ${left.length} not sent. Try again with a network, or save it as a file first.`;
        form.closest("details")?.removeAttribute("open");
        notice.scrollIntoView({ block: "center" });
        return;
      }
      const kept = await store.all();
      if (!kept.length) form.append(Object.assign(element("input", ""), { type: "hidden", name: "nothing_kept", value: "on" }));
      form.submit();
    });
  }

  async function begin() {
    // The record has this session: what the phone still counts of it is over.
    const over = document.querySelector("[data-session-over]")?.dataset.sessionOver;
    const entry = over && (await store.get(over));
    if (entry && !isUnsent(entry)) await store.drop(over);
    if (document.querySelector("[data-session], [data-nothing]")) return; // its own script says it, and sends
    if (!(await openpbm.unsent()).length) return;
    show(await openpbm.unsent());
    const left = await sendAll();
    // What this page says of sessions was made before they arrived.
    if (!left.length) location.reload();
  }

  begin();
  window.addEventListener("online", begin);
  setInterval(() => document.querySelector("[data-unsent]") && begin(), TRY_EVERY);
})();
