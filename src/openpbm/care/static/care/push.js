// Turns reminders on for this device. Without a service worker or push the section stays hidden, as without a script.
"use strict";

(() => {
  const form = document.querySelector("[data-push-key]");
  const section = document.querySelector("[data-push-section]");
  if (!form || !navigator.serviceWorker || !("PushManager" in window) || !("Notification" in window)) return;
  const show = (name) => { section.querySelector(`[data-push-${name}]`).hidden = false; };

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

  async function subscribed() {
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) };
    try {
      return await pushManager.subscribe(options);
    } catch (error) {
      // One made with a key that the site has no longer stands in the way.
      const old = await pushManager.getSubscription();
      if (!old) throw error;
      await old.unsubscribe();
      return pushManager.subscribe(options);
    }
  }

  async function turnOn() {
    if ((await Notification.requestPermission()) !== "granted") return show("refused");
    const { endpoint, keys } = (await subscribed()).toJSON();
    Object.assign(form.elements.endpoint, { value: endpoint });
    Object.assign(form.elements.p256dh, { value: keys.p256dh });
    Object.assign(form.elements.auth, { value: keys.auth });
    form.submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turnOn().catch(() => show("failed"));
  });

  async function begin() {
    const { pushManager } = await navigator.serviceWorker.ready;
    const endpoint = (await pushManager.getSubscription())?.endpoint;
    const own = [...section.querySelectorAll("[data-push-device]")].find((one) => one.dataset.pushDevice === endpoint);
    if (own) own.querySelector("[data-this-device]").hidden = false;
    form.hidden = Boolean(own);
    section.hidden = false;
  }

  begin();
})();
