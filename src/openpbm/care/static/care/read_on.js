// A list whose one button says no to what was left blank: it answers no line that was never on the screen.
//
// Until the end of the list has been in sight, the button goes on down the list. Without a script it answers at once.
"use strict";

(() => {
  const end = document.querySelector(".ticks")?.lastElementChild;
  const bar = document.querySelector(".path-bar");
  const button = bar?.querySelector("button");
  if (!end || !button) return;
  const answers = button.textContent;
  const READING = 600; // a second press of an eager thumb comes sooner than anybody reads

  const inSight = () => end.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top + 1;

  function onDown(event) {
    event.preventDefault();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = bar.getBoundingClientRect().top - 2 * bar.offsetHeight;
    window.scrollBy({ top: step, behavior: still ? "instant" : "smooth" });
  }

  function look() {
    if (!inSight()) return;
    window.removeEventListener("scroll", look);
    window.removeEventListener("resize", look);
    setTimeout(() => {
      button.textContent = answers;
      button.removeEventListener("click", onDown);
    }, READING);
  }

  if (inSight()) return;
  button.textContent = button.dataset.readOn;
  button.addEventListener("click", onDown);
  window.addEventListener("scroll", look, { passive: true });
  window.addEventListener("resize", look);
})();
