// Draws the charts of a page. The server says what to draw:
//
//   <figure class="chart-box">
//     <div class="chart" data-chart="pain" aria-label="Pain from 12 May to 8 June, falling from 7 to 4"></div>
//     <script type="application/json" id="pain">{an ECharts option, data only}</script>
//     <figcaption>...</figcaption>
//     <details><summary>Show as a table</summary>...</details>
//   </figure>
//
// A colour in the option may be a custom property of care.css, written "var(--chart-1)": it is looked up here, and
// again when the reader changes between light and dark.
"use strict";

(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // The option with every "var(--name)" replaced by what it stands for in this colour scheme.
  function coloured(value) {
    if (Array.isArray(value)) return value.map(coloured);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)]));
    }
    const match = typeof value === "string" && /^var\((--[a-z0-9-]+)\)$/.exec(value);
    return match ? property(match[1]) : value;
  }

  function axis(given) {
    const style = {
      axisLine: { lineStyle: { color: property("--line-strong") } },
      axisTick: { lineStyle: { color: property("--line-strong") } },
      axisLabel: { color: property("--ink-soft"), fontSize: 13, hideOverlap: true },
      nameTextStyle: { color: property("--ink-soft"), fontSize: 13, align: "left" },
      splitLine: { lineStyle: { color: property("--line") } },
    };
    const one = (own) => {
      const merged = { ...style, ...own };
      for (const key of Object.keys(style)) merged[key] = { ...style[key], ...own[key] };
      return merged;
    };
    return Array.isArray(given) ? given.map(one) : one(given);
  }

  function dressed(option, label, width) {
    const own = coloured(option);
    const result = {
      backgroundColor: "transparent",
      color: [1, 2, 3, 4, 5, 6].map((number) => property(`--chart-${number}`)),
      grid: { left: 8, right: 16, top: own.legend ? (width < 480 ? 84 : 60) : 36, bottom: 8, containLabel: true },
      ...own,
      animation: !stillness.matches && own.animation !== false,
      // Left alone, ECharts words a label of its own at every redraw; the server's sentence says more.
      aria: { enabled: true, ...own.aria, ...(label && { label: { ...own.aria?.label, description: label } }) },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: property("--ink"), ...own.textStyle },
    };
    // An HTML tooltip would need inline styles, which the page's policy refuses; this kind is drawn in the picture.
    result.tooltip = own.tooltip && {
      backgroundColor: property("--surface"),
      borderColor: property("--line-strong"),
      textStyle: { color: property("--ink"), fontSize: 14 },
      ...own.tooltip,
      renderMode: "richText",
    };
    if (own.legend) result.legend = { ...own.legend, textStyle: { color: property("--ink"), fontSize: 14, ...own.legend.textStyle } };
    for (const key of ["xAxis", "yAxis"]) if (own[key]) result[key] = axis(own[key]);
    return result;
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) echarts.getInstanceByDom(target)?.resize();
  });

  function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source) return;
    let chart = echarts.getInstanceByDom(box);
    if (!chart) {
      box.dataset.chartLabel = box.getAttribute("aria-label") ?? "";
      box.setAttribute("role", "img");
      chart = echarts.init(box, null, { renderer: "svg" });
      resized.observe(box);
    }
    chart.setOption(dressed(JSON.parse(source.textContent), box.dataset.chartLabel, box.clientWidth), true);
  }

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  const redraw = () => drawAll(document);

  document.addEventListener("DOMContentLoaded", redraw);
  document.addEventListener("htmx:afterSwap", redraw);
  document.addEventListener("htmx:beforeCleanupElement", ({ target }) => {
    if (target.matches?.("[data-chart]")) {
      resized.unobserve(target);
      echarts.dispose(target);
    }
  });
  dark.addEventListener("change", redraw);
})();
