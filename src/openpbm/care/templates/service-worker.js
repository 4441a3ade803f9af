// The shell alone: one page without anybody's data, its style and its scripts. No page of a person is ever kept here.
"use strict";

const VERSION = "openpbm-{{ version }}";
const OFFLINE = "{{ offline }}";
const SHELL = [{% for address in files %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

// Without a cookie: the page that is kept is the one that a stranger gets.
const fresh = (address) => new Request(address, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((shell) => shell.addAll([OFFLINE, ...SHELL].map(fresh))));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (request.method === "GET" && SHELL.includes(address.pathname)) {
    // From the network first: a page never runs with an older script than its own.
    event.respondWith(fetch(request).catch(() => caches.match(address.pathname)));
  }
});

// It says that something waits, never what; a tap opens the site, which leads its owner to Today.
self.addEventListener("push", (event) => {
  const options = { tag: "openpbm", icon: "{{ icon }}", lang: "en" };
  event.waitUntil(self.registration.showNotification(event.data?.text() || "{{ word }}", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("{{ first_page }}"));
});
