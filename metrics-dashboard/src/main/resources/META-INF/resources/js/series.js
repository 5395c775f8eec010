// SPDX-License-Identifier: Apache-2.0
import { pairName } from './format.js';

const METRIC_COLOURS = { test: 'curve-1', validation: 'curve-2', train: 'curve-3' };
const PAIR_COLOURS = ['curve-4', 'curve-5', 'curve-2', 'curve-3'];

/** The decisions of a run in order, each with whether it is the first under its policy. */
export function decisionsOf(history) {
  let version = null;
  return history
    .filter((one) => one.verdict)
    .map((one) => {
      const swap = version !== null && version !== one.policy.version;
      version = one.policy.version;
      return { iteration: one.iteration, verdict: one.verdict, reason: one.reason.message, policy: one.policy.name, swap };
    });
}

/** Every curve of a run as points over the iteration. What is not known is no point. */
export function curvesOf(run) {
  return {
    accuracy: [...metricSeries(run, 'accuracy'), ...denseLine(run, 'accuracy')],
    loss: metricSeries(run, 'loss'),
    remaining: remainingSeries(run),
    pqi: pqiSeries(run.history),
  };
}

function metricSeries(run, name) {
  const splits = new Map();
  for (const { iteration, metrics } of run.history) {
    for (const metric of metrics.filter((one) => one.name === name)) {
      if (!splits.has(metric.split)) {
        splits.set(metric.split, []);
      }
      splits.get(metric.split).push({ x: iteration, y: metric.value });
    }
  }
  return [...splits].map(([split, points]) => ({ name: split, colour: METRIC_COLOURS[split] ?? 'curve-6', points }));
}

/** The value before anything was pruned, as a level to compare with. */
function denseLine(run, name) {
  const dense = run.denseMetrics.find((one) => one.name === name && one.split === 'test')
    ?? run.denseMetrics.find((one) => one.name === name);
  const last = Math.max(run.iterations ?? 0, run.iteration, 1);
  return dense
    ? [{ name: 'dense', colour: 'muted', dashed: true, quiet: true, points: [{ x: 0, y: dense.value }, { x: last, y: dense.value }] }]
    : [];
}

function remainingSeries(run) {
  const measured = run.history
    .filter((one) => one.remaining !== null)
    .map((one) => ({ x: one.iteration, y: one.remaining }));
  const series = [{ name: 'measured', colour: 'curve-7', points: measured }];
  const last = measured.at(-1);
  const decision = run.lastDecision;
  if (last && decision?.iteration === last.x && decision.verdict !== 'stop' && decision.remainingNext !== null) {
    series.push({
      name: 'decided for the next',
      colour: 'curve-7',
      dashed: true,
      points: [last, { x: last.x + 1, y: decision.remainingNext }],
    });
  }
  return series;
}

function pqiSeries(history) {
  const pairs = new Map();
  for (const { iteration, pqi } of history) {
    for (const one of pqi.filter((index) => index.value !== null)) {
      const name = pairName(one);
      if (!pairs.has(name)) {
        pairs.set(name, []);
      }
      pairs.get(name).push({ x: iteration, y: one.value });
    }
  }
  return [...pairs].map(([name, points], index) => ({ name, colour: PAIR_COLOURS[index % PAIR_COLOURS.length], points }));
}
