// SPDX-License-Identifier: Apache-2.0

/** Shown in place of a value that is not known. */
export const NONE = '–';

const MINUS = '\u2212';
const known = (value) => value !== null && value !== undefined;

export function percent(ratio, digits = 1) {
  return known(ratio) ? `${(100 * ratio).toFixed(digits)}\u2009%` : NONE;
}

/** A difference of two ratios, in percentage points with its sign. */
export function points(difference, digits = 2) {
  if (!known(difference)) {
    return NONE;
  }
  const text = Math.abs(100 * difference).toFixed(digits);
  if (Number(text) === 0) {
    return `±${text}`;
  }
  return `${difference < 0 ? MINUS : '+'}${text}`;
}

export function count(number) {
  return known(number) ? number.toLocaleString('en-GB') : NONE;
}

export function decimal(number, digits = 3) {
  return known(number) ? number.toFixed(digits) : NONE;
}

export function iterationOf(run) {
  return known(run.iterations) ? `${run.iteration} / ${run.iterations}` : String(run.iteration);
}

/** The value of a metric; test data before validation before training. */
export function metric(metrics, name) {
  for (const split of ['test', 'validation', 'train']) {
    const found = metrics.find((one) => one.name === name && one.split === split);
    if (found) {
      return found.value;
    }
  }
  return metrics.find((one) => one.name === name)?.value ?? null;
}

export function difference(value, base) {
  return known(value) && known(base) ? value - base : null;
}

export function duration(seconds) {
  if (!known(seconds)) {
    return NONE;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole}\u2009s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)}\u2009min ${String(whole % 60).padStart(2, '0')}\u2009s`;
  }
  return `${Math.floor(whole / 3600)}\u2009h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}\u2009min`;
}

export function ago(instant) {
  if (!known(instant)) {
    return NONE;
  }
  const seconds = (Date.now() - Date.parse(instant)) / 1000;
  if (seconds < 5) {
    return 'now';
  }
  if (seconds < 60) {
    return `${Math.floor(seconds)}\u2009s ago`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)}\u2009min ago`;
  }
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)}\u2009h ago`;
  }
  return new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** How long a running run has been silent, once that is more than a minute; otherwise null. */
export function silence(run) {
  if (run.state !== 'running' || !known(run.lastHeardAt) || Date.now() - Date.parse(run.lastHeardAt) < 60_000) {
    return null;
  }
  return `last heard from ${ago(run.lastHeardAt)}`;
}

export function clock(instant) {
  return known(instant) ? new Date(instant).toLocaleTimeString('en-GB') : NONE;
}

export function pairName(pair) {
  return `p ${pair.p}, q ${pair.q}`;
}
