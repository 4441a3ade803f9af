// Opens the printing of the browser, where a phone hides it in a menu. Without a script the button is not there.
"use strict";

for (const place of document.querySelectorAll("[data-print]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => window.print());
}
