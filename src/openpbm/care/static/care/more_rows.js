// A list of rows grows by one when its last row is filled in, up to as many as the page takes. What is sent is a formset.
"use strict";

(() => {
  for (const list of document.querySelectorAll("[data-rows]")) {
    const template = list.querySelector("template");
    const total = list.querySelector("input[name$=-TOTAL_FORMS]");
    const most = Number(list.querySelector("input[name$=-MAX_NUM_FORMS]").value);
    // Which row it is stands in its first list; an empty one is a row that nobody filled in.
    const isFilled = (row) => row.querySelector("select").value !== "";

    function grow() {
      const rows = list.querySelectorAll("[data-row]");
      if (rows.length >= most || ![...rows].every(isFilled)) return;
      const row = template.content.cloneNode(true);
      for (const part of row.querySelectorAll("*")) {
        for (const attribute of part.attributes) {
          attribute.value = attribute.value.replaceAll("__prefix__", rows.length);
        }
      }
      for (const number of row.querySelectorAll("[data-number]")) number.textContent = rows.length + 1;
      template.before(row);
      total.value = rows.length + 1;
      list.dispatchEvent(new CustomEvent("grown", { bubbles: true }));
    }

    list.addEventListener("change", grow);
    grow();
  }
})();
