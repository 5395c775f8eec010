// SPDX-License-Identifier: Apache-2.0
import { colour } from './colours.js';
import { h, visible } from './dom.js';
import { marks } from './marks.js';

const { Chart } = globalThis;
const still = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * A curve over the iteration, with a mark for each decision.
 *
 * @param {object} spec title, formatters of y, whether y starts at 0, and the least span of y
 */
export class Curve {
  constructor(spec) {
    this.spec = spec;
    this.canvas = h('canvas', { role: 'img', 'aria-label': spec.title });
    this.now = h('span', { class: 'chart-now' });
    this.legend = h('ul', { class: 'legend' });
    this.none = h('p', { class: 'chart-none' }, spec.none);
    this.element = h(
      'figure',
      { class: 'card chart' },
      h('figcaption', {}, h('span', { class: 'chart-title' }, spec.title), this.now),
      this.legend,
      h('div', { class: 'chart-box' }, this.canvas, this.none),
    );
    this.chart = new Chart(this.canvas, {
      type: 'line',
      data: { datasets: [] },
      options: this.#options(),
      plugins: [marks],
    });
  }

  /**
   * @param {{name: string, colour: string, points: {x: number, y: number}[], dashed?: boolean, quiet?: boolean}[]} series
   */
  update(series, decisions, iterations, now) {
    const filled = series.filter((one) => one.points.length > 0);
    this.series = filled;
    this.none.hidden = filled.length > 0;
    this.now.textContent = now;
    this.canvas.setAttribute('aria-label', `${this.spec.title} over the iteration; now ${now}`);
    const datasets = this.chart.data.datasets;
    datasets.length = filled.length;
    filled.forEach((one, index) => {
      datasets[index] = Object.assign(datasets[index] ?? {}, this.#dataset(one));
    });
    const options = this.chart.options;
    options.scales.x.max = Math.max(iterations ?? 0, ...filled.map((one) => one.points.at(-1).x), 1);
    Object.assign(options.scales.y, this.#range(filled));
    options.plugins.marks.decisions = decisions;
    this.chart.update(still.matches ? 'none' : undefined);
    this.#renewLegend(filled);
  }

  /** After a change between light and dark. */
  recolour() {
    Object.assign(this.chart.options, this.#options(this.chart.options));
    (this.series ?? []).forEach((one, index) => {
      Object.assign(this.chart.data.datasets[index], this.#dataset(one));
    });
    this.chart.update('none');
  }

  destroy() {
    this.chart.destroy();
  }

  #dataset(one) {
    const line = colour(one.colour);
    return {
      label: one.name,
      data: one.points,
      borderColor: line,
      backgroundColor: line,
      borderWidth: one.quiet ? 1.25 : 2,
      borderDash: one.dashed ? [4, 4] : [],
      pointRadius: one.quiet || one.points.length > 40 ? 0 : 2.5,
      pointHoverRadius: one.quiet ? 0 : 4.5,
      pointHitRadius: one.quiet ? 0 : 8,
      clip: 8,
      tension: 0,
    };
  }

  /** At least the span of the spec, so that noise does not look like a cliff. */
  #range(series) {
    const values = series.flatMap((one) => one.points.map((point) => point.y));
    const low = Math.min(...values);
    const high = Math.max(...values);
    const { span } = this.spec;
    if (!span || values.length === 0 || high - low >= span) {
      return { suggestedMin: undefined, suggestedMax: this.spec.max };
    }
    const middle = (low + high) / 2;
    return { suggestedMin: middle - span / 2, suggestedMax: middle + span / 2 };
  }

  #renewLegend(series) {
    const entries = series.map((one) =>
      h('li', { class: `key key-${one.colour}${one.dashed ? ' key-dashed' : ''}` }, one.name),
    );
    this.legend.replaceChildren(...(entries.length > 1 ? entries : []));
  }

  #options(previous) {
    const { format, fromZero } = this.spec;
    const muted = colour('muted');
    const line = colour('line');
    const font = { family: getComputedStyle(document.body).fontFamily, size: 11.5 };
    return {
      animation: { duration: 350 },
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 8, right: 6 } },
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: previous?.scales?.x?.max ?? 1,
          title: { display: true, text: 'iteration', color: muted, font },
          ticks: { precision: 0, color: muted, font, maxRotation: 0 },
          grid: { display: false },
          border: { color: line },
        },
        y: {
          beginAtZero: fromZero,
          suggestedMin: previous?.scales?.y?.suggestedMin,
          suggestedMax: previous?.scales?.y?.suggestedMax ?? this.spec.max,
          grace: fromZero ? 0 : '8%',
          ticks: { color: muted, font, maxTicksLimit: 5, stepSize: this.spec.step, callback: (value) => format(value) },
          grid: { color: line },
          border: { display: false },
        },
      },
      plugins: {
        legend: { display: false },
        marks: { decisions: previous?.plugins?.marks?.decisions ?? [] },
        tooltip: this.#tooltip(font),
      },
    };
  }

  #tooltip(font) {
    return {
      backgroundColor: colour('tip'),
      titleColor: colour('tip-ink'),
      bodyColor: colour('tip-ink'),
      footerColor: colour('tip-ink'),
      footerFont: { ...font, weight: 'normal' },
      bodyFont: font,
      titleFont: { ...font, weight: '600' },
      padding: 10,
      boxPadding: 4,
      usePointStyle: true,
      filter: (item) => !this.series[item.datasetIndex]?.quiet,
      callbacks: {
        title: (items) => (items.length > 0 ? `iteration ${items[0].parsed.x}` : ''),
        label: (item) => `${item.dataset.label}: ${this.spec.precise(item.parsed.y)}`,
        footer: (items) => footer(items, this.chart.options.plugins.marks.decisions),
      },
    };
  }
}

function footer(items, decisions) {
  const decision = items.length > 0 && decisions.find((one) => one.iteration === items[0].parsed.x);
  if (!decision) {
    return '';
  }
  const title = `${decision.verdict}${decision.swap ? `, first under ${decision.policy}` : ''}`;
  return [title, ...wrap(decision.reason)].map(visible);
}

/** Lines of at most some 44 characters, broken between words. */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (lines[last].length + word.length > 44) {
      lines.push(word);
    } else {
      lines[last] = lines[last] ? `${lines[last]} ${word}` : word;
    }
  }
  return lines;
}
