// SPDX-License-Identifier: Apache-2.0
import { colour } from './colours.js';

/** How each kind of decision is drawn: what is usual is a tick, what is not is a line. */
const STYLES = {
  prune: { colour: 'verdict-prune', dash: [], tick: true },
  keep: { colour: 'verdict-keep', dash: [2, 3], tick: false },
  'roll-back': { colour: 'verdict-roll-back', dash: [], tick: false },
  stop: { colour: 'verdict-stop', dash: [], tick: false },
};
const TICK = 7;

/** A plugin for charts that draws decisions as vertical marks under the curves. */
export const marks = {
  id: 'marks',
  beforeDatasetsDraw(chart, args, options) {
    const { ctx, chartArea, scales } = chart;
    ctx.save();
    ctx.lineWidth = 1.25;
    for (const decision of options.decisions ?? []) {
      const style = STYLES[decision.verdict];
      const x = scales.x.getPixelForValue(decision.iteration);
      if (style && x >= chartArea.left - 1 && x <= chartArea.right + 1) {
        stroke(ctx, x, style.tick ? chartArea.bottom - TICK : chartArea.top, chartArea.bottom, style);
        if (decision.swap) {
          stroke(ctx, x, chartArea.top, chartArea.bottom, { colour: 'verdict-swap', dash: [5, 4] });
          diamond(ctx, x, chartArea.top);
        }
      }
    }
    ctx.restore();
  },
};

function stroke(ctx, x, top, bottom, style) {
  ctx.strokeStyle = colour(style.colour);
  ctx.setLineDash(style.dash);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
}

function diamond(ctx, x, y) {
  ctx.fillStyle = colour('verdict-swap');
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x + 4, y);
  ctx.lineTo(x, y + 5);
  ctx.lineTo(x - 4, y);
  ctx.fill();
}

/** What the marks mean, for under the charts. */
export const MARK_NAMES = [
  ['prune', 'prune'],
  ['keep', 'keep'],
  ['roll-back', 'roll back'],
  ['stop', 'stop'],
  ['swap', 'first decision under a new policy'],
];
