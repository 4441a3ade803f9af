// The page of a session as the phone keeps it, to be shown again without a network: its words and pictures.
//
// A picture becomes part of the page, so that no cache of the browser holds a file whose name tells where the light goes.
"use strict";

(() => {
  const openpbm = (window.openpbm ??= {});

  const asData = async (address) => {
    const answer = await fetch(address);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return `data:${answer.headers.get("Content-Type") ?? "image/svg+xml"};base64,${btoa(text)}`;
  };

  openpbm.sheetOf = async (root) => {
    if (!openpbm.store) return null;
    const copy = root.cloneNode(true);
    for (const secret of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) secret.remove();
    for (const picture of copy.querySelectorAll("img")) {
      try {
        picture.src = await asData(picture.src);
      } catch {
        picture.remove();
      }
    }
    copy.setAttribute("data-offline", "");
    return copy.outerHTML;
  };
})();
