// Joins the drawn body to the list of places below it. A spot is pressed or not; the list stays what is sent.
//
// The whole drawing is one stop of the Tab key: arrow keys walk from spot to spot, Enter and Space press. A click beside
// a spot presses the nearest one, for a finger is wider than a spot.
"use strict";

(() => {
  const map = document.querySelector("[data-body-map]");
  if (!map) return;
  const spots = [...map.querySelectorAll(".spot")];
  const status = map.querySelector("[role=status]");
  // More of them come as they are filled in.
  const cardsNow = () =>
    [...document.querySelectorAll("[data-place]")].map((card) => ({
      place: card.querySelector("select[name$=-place]"),
      side: card.querySelector("select[name$=-side]"),
    }));
  const siteOf = (card) => card.place.value.split(":")[0];
  const lights = (card, spot) => siteOf(card) === spot.dataset.site && [spot.dataset.side, "both"].includes(card.side.value);

  function show() {
    const cards = cardsNow();
    for (const spot of spots) spot.setAttribute("aria-pressed", cards.some((card) => lights(card, spot)));
    const names = cards.filter((card) => card.place.value).map(inWords);
    status.textContent = names.length ? `Chosen: ${names.join("; ")}.` : "No place is chosen yet.";
  }

  const inWords = ({ place, side }) =>
    `${place.selectedOptions[0].text}, ${side.selectedOptions[0].text.toLowerCase()}`;

  function press(spot) {
    const { site, side } = spot.dataset;
    const cards = cardsNow();
    const card = cards.find((one) => siteOf(one) === site) ?? cards.find((one) => !one.place.value);
    if (!card) {
      status.textContent = `Only ${cards.length} places fit here. Take one away first.`;
      return;
    }
    if (siteOf(card) !== site) {
      card.place.value = [...card.place.options].find((option) => option.value.startsWith(`${site}:`)).value;
      card.side.value = side;
    } else if (card.side.value === "both") {
      card.side.value = side === "left" ? "right" : "left";
    } else if (card.side.value === side) {
      card.place.value = "";
    } else {
      card.side.value = "both";
    }
    card.place.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function reach(spot) {
    for (const one of spots) one.tabIndex = one === spot ? 0 : -1;
    spot.focus();
  }

  function nearest(event) {
    const away = (spot) => {
      const { left, top, width, height } = spot.querySelector("circle").getBoundingClientRect();
      return Math.hypot(left + width / 2 - event.clientX, top + height / 2 - event.clientY);
    };
    const near = spots.reduce((best, spot) => (away(spot) < away(best) ? spot : best));
    return away(near) <= 24 ? near : null;
  }

  map.addEventListener("click", (event) => {
    const spot = nearest(event);
    if (!spot) return;
    reach(spot);
    press(spot);
  });
  map.addEventListener("keydown", (event) => {
    const at = spots.indexOf(event.target.closest(".spot"));
    if (at < 0) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) reach(spots[(at + step + spots.length) % spots.length]);
    else if (event.key === "Enter" || event.key === " ") press(spots[at]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-place]")) show();
  });
  spots[0].tabIndex = 0;
  map.hidden = false;
  show();
})();
