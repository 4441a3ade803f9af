// What a phone keeps of a session until the record has it: encrypted, over a reload, a dead battery and a signing out.
//
// One entry for each session that was begun here. AES-GCM with a key of this browser that no script can read out
// (IndexedDB keeps it as a key, not as bytes). Beside the entries stands nothing but the random id of the session.
//
// Not there (`openpbm.store` is null) where the browser offers no cryptography: on a plain http address.
"use strict";

(() => {
  const openpbm = (window.openpbm ??= {});
  openpbm.store = null;
  if (!window.isSecureContext || !window.crypto?.subtle || !window.indexedDB) return;

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  let opened = null;
  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("openpbm", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("keys");
        request.result.createObjectStore("entries");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  const table = async (name, mode) => (await database()).transaction(name, mode).objectStore(name);

  let known = null;
  async function key() {
    if (known) return known;
    known = (await done((await table("keys", "readonly")).get("phone"))) ?? null;
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have made one meanwhile: the first that was written stays.
    const keys = await table("keys", "readwrite");
    const there = await done(keys.get("phone"));
    if (!there) await done(keys.put(made, "phone"));
    known = there ?? made;
    return known;
  }

  const bound = (id, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) });

  async function opens(id, row) {
    try {
      const bytes = await crypto.subtle.decrypt(bound(id, row.iv), await key(), row.sealed);
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      return null; // written with a key that this browser no longer has
    }
  }

  openpbm.store = {
    async put(entry) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const bytes = new TextEncoder().encode(JSON.stringify(entry));
      const sealed = await crypto.subtle.encrypt(bound(entry.start, iv), await key(), bytes);
      await done((await table("entries", "readwrite")).put({ iv, sealed }, entry.start));
    },
    async get(start) {
      const row = await done((await table("entries", "readonly")).get(start));
      return row ? opens(start, row) : null;
    },
    async all() {
      const ids = await done((await table("entries", "readonly")).getAllKeys());
      const entries = await Promise.all(ids.map((id) => openpbm.store.get(id)));
      return entries.filter((entry) => entry !== null);
    },
    async drop(start) {
      await done((await table("entries", "readwrite")).delete(start));
    },
  };
})();
