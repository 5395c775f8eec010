// SPDX-License-Identifier: Apache-2.0
import { bar, policyText, verdictBadge } from './badges.js';
import { h, setText } from './dom.js';
import { clock, count, decimal, difference, metric, NONE, pairName, percent, points } from './format.js';
import { decisionsOf } from './series.js';

/** Every decision with its reason, the last one first. */
export class DecisionLog {
  constructor() {
    this.body = h('tbody');
    this.none = h('p', { class: 'muted pad' }, 'No decision yet. The first follows the first training.');
    this.table = h(
      'table',
      { class: 'stack' },
      head(['Iteration', 1], ['Verdict'], ['Reason'], ['Pruned', 1], ['Active', 1], ['Remaining', 1], ['PQI', 1], ['Accuracy', 1], ['Δ to dense', 1], ['Policy'], ['At', 1]),
      this.body,
    );
    this.element = section('Decisions', this.table, this.none);
  }

  update(run) {
    const decided = run.history.filter((one) => one.verdict || one.reason);
    const text = JSON.stringify(decided);
    if (this.shown === text) {
      return;
    }
    this.shown = text;
    const swaps = new Set(decisionsOf(run.history).filter((one) => one.swap).map((one) => one.iteration));
    const dense = metric(run.denseMetrics, 'accuracy');
    this.body.replaceChildren(...decided.reverse().map((one) => decisionRow(one, dense, swaps.has(one.iteration))));
    this.table.hidden = decided.length === 0;
    this.none.hidden = decided.length > 0;
  }
}

function decisionRow(one, dense, swap) {
  const accuracy = metric(one.metrics, 'accuracy');
  const verdict = one.verdict ? verdictBadge(one.verdict, one.outcome) : h('span', { class: 'verdict verdict-failed' }, 'not measured');
  return h(
    'tr',
    {},
    cell('Iteration', String(one.iteration), 'numeric strong'),
    cell('Verdict', verdict),
    cell('Reason', h('span', { title: one.reason.code }, one.reason.message), 'long'),
    cell('Pruned', count(one.pruned), 'numeric'),
    cell('Active', count(one.active), 'numeric'),
    cell('Remaining', percent(one.remaining), 'numeric'),
    cell('PQI', decimal(one.pqi[0]?.value, 4), 'numeric'),
    cell('Accuracy', percent(accuracy, 2), 'numeric'),
    cell('Δ to dense', points(difference(accuracy, dense)), 'numeric'),
    cell('Policy', swap ? h('span', {}, policyText(one.policy), ' ', h('span', { class: 'new-policy' }, 'new')) : policyText(one.policy), 'whole'),
    cell('At', clock(one.decidedAt), 'numeric whole'),
  );
}

/** What other policies would have taken at the last decision. */
export class ShadowTable {
  constructor() {
    this.body = h('tbody');
    this.title = h('span', { class: 'muted' });
    this.element = section(
      ['Shadow policies ', this.title],
      h('table', { class: 'stack' }, head(['Shadow'], ['Would take', 1], ['Of the active', 1], ['Of it goes', 1], ['Note']), this.body),
    );
  }

  update(run) {
    const shadows = run.lastDecision?.shadows ?? [];
    this.element.hidden = shadows.length === 0;
    setText(this.title, `asked at iteration ${run.lastDecision?.iteration}, never obeyed`);
    this.body.replaceChildren(...shadows.map((one) => h(
      'tr',
      {},
      cell('Shadow', h('code', {}, one.name), 'lead'),
      cell('Would take', count(one.pruned), 'numeric'),
      cell('Of the active', percent(one.ratio), 'numeric'),
      cell('Of it goes', percent(one.overlap), 'numeric'),
      cell('Note', one.note ?? '', 'long'),
    )));
  }
}

/** The tensors of the last iteration that was measured. */
export class LayerTable {
  constructor() {
    this.head = h('thead');
    this.body = h('tbody');
    this.title = h('span', { class: 'muted' });
    this.element = section(['Tensors ', this.title], h('table', { class: 'stack' }, this.head, this.body));
  }

  update(run) {
    const last = run.history.findLast((one) => one.tensors.length > 0);
    this.element.hidden = !last;
    if (!last) {
      return;
    }
    setText(this.title, `at iteration ${last.iteration}`);
    const pairs = last.tensors[0].pqi.map(pairName);
    this.head.replaceChildren(
      ...head(['Tensor'], ['Remaining', 1], ['Active', 1], ['Total', 1], ['To be pruned', 1], ...pairs.map((pair) => [`PQI ${pair}`, 1])).children,
    );
    this.body.replaceChildren(...last.tensors.map((tensor) => layerRow(tensor, pairs)));
  }
}

function layerRow(tensor, pairs) {
  const remaining = percent(tensor.remaining);
  const shown = tensor.remaining === null ? NONE : h('span', { class: 'with-bar' }, remaining, bar(tensor.remaining, `${remaining} remain`));
  return h(
    'tr',
    {},
    cell('Tensor', h('code', {}, tensor.tensor), 'lead'),
    cell('Remaining', shown, 'numeric'),
    cell('Active', count(tensor.active), 'numeric'),
    cell('Total', count(tensor.total), 'numeric'),
    cell('To be pruned', count(tensor.pruned), 'numeric'),
    ...pairs.map((pair, index) => cell(`PQI ${pair}`, decimal(tensor.pqi[index]?.value, 4), 'numeric')),
  );
}

function section(title, ...content) {
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, ...[title].flat()),
    h('div', { class: 'scroll' }, ...content),
  );
}

function head(...columns) {
  const cells = columns.map(([title, numeric]) => h('th', { scope: 'col', class: numeric ? 'numeric' : null }, title));
  return h('thead', {}, h('tr', {}, ...cells));
}

function cell(label, content, kind) {
  return h('td', { 'data-label': label, class: kind }, content);
}
