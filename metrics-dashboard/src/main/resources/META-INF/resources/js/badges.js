// SPDX-License-Identifier: Apache-2.0
import { h } from './dom.js';
import { NONE } from './format.js';

/** The state of a run: a dot and a word, for colour alone says nothing to some. */
export function stateBadge(state) {
  return h('span', { class: `state state-${state}` }, state);
}

export function verdictBadge(verdict, outcome) {
  const text = verdict ? verdict.replace('-', ' ') : NONE;
  const kind = verdict === 'stop' && outcome === 'failed' ? 'failed' : verdict;
  return h('span', { class: `verdict verdict-${kind}` }, text);
}

/** A thin bar from 0 to 1. */
export function bar(ratio, label) {
  const fill = h('span', { class: 'bar-fill' });
  fill.style.width = `${100 * Math.min(1, Math.max(0, ratio ?? 0))}%`;
  return h('span', { class: 'bar', role: 'img', 'aria-label': label }, fill);
}

export function policyText(policy) {
  if (!policy) {
    return h('span', { class: 'muted' }, NONE);
  }
  return h(
    'span',
    { title: `set by ${policy.setBy}` },
    policy.name,
    ' ',
    h('code', { class: 'version' }, policy.version.slice(0, 7)),
  );
}
