// What a phone shows without a network: the session that runs or waits to be sent, out of what it has kept itself.
"use strict";

(() => {
  const openpbm = window.openpbm;
  const nothing = document.querySelector("[data-nothing]");
  // Before anything is waited for: the network may be back sooner than it is known what to show.
  const lookAgain = () => {
    if (!nothing.hidden) location.reload();
  };
  window.addEventListener("online", lookAgain);
  // It may have been back before this ran, which nobody tells: then the site answers, and what was asked for is looked at
  // again, once. Opened by its own address the page stays.
  const [here] = performance.getEntriesByType("navigation");
  if (navigator.onLine && here.type !== "reload" && location.pathname !== nothing.dataset.address) {
    fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok && lookAgain(), () => {});
  }

  async function begin() {
    const entries = openpbm.store ? await openpbm.store.all() : [];
    // What runs comes first: its lamp may be on.
    const entry = entries.find((one) => !one.values && !one.state.ended) ?? entries.find((one) => !one.values) ?? entries[0];
    if (entry?.sheet) {
      const main = document.querySelector("main");
      const box = document.createElement("div");
      box.innerHTML = entry.sheet; // written by this site's own page, and sealed since
      main.prepend(box.firstElementChild);
      nothing.hidden = true;
      openpbm.runSession(main.querySelector("[data-session]"), Promise.resolve(entry.sheet));
      return;
    }
    nothing.hidden = false;
  }

  begin();
  document.querySelector("[data-again]").addEventListener("click", () => location.reload());
})();
