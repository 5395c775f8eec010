// SPDX-License-Identifier: Apache-2.0
import { policyText, stateBadge } from './badges.js';
import { Curve } from './charts.js';
import { h, setText } from './dom.js';
import {
  ago, count, decimal, difference, duration, metric, NONE, pairName, percent, points, silence,
} from './format.js';
import { Latest } from './latest.js';
import { MARK_NAMES } from './marks.js';
import { conditionText, refusalText, unreadText } from './notices.js';
import { curvesOf, decisionsOf } from './series.js';
import { fetchRun } from './stream.js';
import { DecisionLog, LayerTable, ShadowTable } from './tables.js';

const CURVES = {
  accuracy: { title: 'Accuracy', none: 'No accuracy yet', span: 0.02, format: (y) => percent(y, 1), precise: (y) => percent(y, 2) },
  loss: { title: 'Loss', none: 'No loss yet', format: (y) => y.toPrecision(2), precise: (y) => decimal(y, 4) },
  remaining: {
    title: 'Remaining weights', none: 'Nothing measured yet', fromZero: true, max: 1, step: 0.25,
    format: (y) => percent(y, 0), precise: (y) => percent(y, 2),
  },
  pqi: { title: 'PQ Index', none: 'Nothing measured yet', span: 0.1, format: (y) => y.toFixed(2), precise: (y) => decimal(y, 4) },
};

/** The page of one run: its state, its curves, and every decision with its reason. */
export class RunPage {
  #run = null;

  constructor(root, id) {
    this.id = id;
    this.#build(root);
    this.document = new Latest(
      () => fetchRun(id),
      (run) => this.#loaded(run),
      (error) => this.#failed(error),
    );
  }

  #build(root) {
    this.badge = h('span');
    this.subtitle = h('p', { class: 'subtitle' });
    this.status = new StatusLine();
    this.tiles = new Tiles();
    this.curves = Object.fromEntries(Object.entries(CURVES).map(([name, spec]) => [name, new Curve(spec)]));
    this.log = new DecisionLog();
    this.shadows = new ShadowTable();
    this.layers = new LayerTable();
    this.configuration = h('code');
    this.body = h(
      'div',
      { class: 'run-body', hidden: true },
      this.status.element,
      this.tiles.element,
      h('section', { class: 'charts', 'aria-label': 'Curves over the iteration' }, ...Object.values(this.curves).map((curve) => curve.element)),
      markLegend(),
      this.log.element,
      this.shadows.element,
      this.layers.element,
      h('details', { class: 'card' }, h('summary', {}, 'Configuration'), h('pre', { tabindex: '0' }, this.configuration)),
    );
    this.missing = h('p', { class: 'empty', hidden: true });
    this.failure = h('p', { class: 'refusal', role: 'alert', hidden: true });
    root.replaceChildren(
      h('nav', { class: 'crumbs', 'aria-label': 'Breadcrumb' }, h('a', { href: '#/' }, '← All runs')),
      h('div', { class: 'title-row' }, h('h1', {}, this.id), this.badge),
      this.subtitle,
      this.missing,
      this.failure,
      this.body,
    );
  }

  update(runs, caughtUp) {
    const row = runs.find((run) => run.runId === this.id);
    this.body.hidden = this.#run === null || !row;
    this.missing.hidden = Boolean(row);
    setText(
      this.missing,
      caughtUp ? `Nobody has requested a run ‘${this.id}’. When it is requested, it appears here.` : 'Reading the topics …',
    );
    if (row) {
      this.document.want(JSON.stringify(row));
    }
  }

  #loaded(run) {
    this.#run = run;
    this.failure.hidden = true;
    this.body.hidden = false;
    this.#show(run);
  }

  /** The next tick tries again. */
  #failed(error) {
    this.failure.hidden = false;
    setText(this.failure, `This run cannot be loaded, trying again: ${error.message}`);
  }

  #show(run) {
    this.badge.replaceChildren(stateBadge(run.state));
    const parts = [run.model ?? (run.trainer === 'external' ? 'external trainer' : NONE), run.dataset].filter(Boolean);
    this.subtitle.replaceChildren(h('span', {}, parts.join(' · ')), ' · ', policyText(run.policy), ' · updated ', (this.updated = h('span', {}, ago(run.updatedAt))));
    this.status.update(run);
    this.tiles.update(run);
    const decisions = decisionsOf(run.history);
    const series = curvesOf(run);
    const now = nowOf(run);
    for (const [name, curve] of Object.entries(this.curves)) {
      curve.update(series[name], decisions, run.iterations, now[name]);
    }
    this.log.update(run);
    this.shadows.update(run);
    this.layers.update(run);
    setText(this.configuration, JSON.stringify(run.specification, null, 2));
  }

  tick() {
    this.document.retry();
    if (this.#run) {
      setText(this.updated, ago(this.#run.updatedAt));
      this.status.tick(this.#run);
    }
  }

  recolour() {
    Object.values(this.curves).forEach((curve) => curve.recolour());
  }

  close() {
    this.document.close();
    Object.values(this.curves).forEach((curve) => curve.destroy());
  }
}

function nowOf(run) {
  return {
    accuracy: percent(metric(run.metrics, 'accuracy'), 2),
    loss: decimal(metric(run.metrics, 'loss'), 4),
    remaining: percent(run.remaining),
    pqi: decimal(run.pqi?.value, 4),
  };
}

function markLegend() {
  const keys = MARK_NAMES.map(([kind, name]) => h('li', { class: `mark mark-${kind}` }, name));
  return h('div', { class: 'mark-legend' }, h('span', {}, 'Vertical marks'), h('ul', { class: 'legend' }, ...keys));
}

/** How far the run is, what it is doing, how long it may take, and why it is as it is. */
class StatusLine {
  #doing = [];

  constructor() {
    this.fill = h('span', { class: 'progress-fill' });
    this.progress = h(
      'div',
      { class: 'progress', role: 'progressbar', 'aria-label': 'Progress of the run', 'aria-valuemin': '0', 'aria-valuemax': '100' },
      this.fill,
    );
    this.left = h('span');
    this.right = h('span', { class: 'status-right' });
    this.reason = h('p', { class: 'reason' });
    this.condition = notice();
    this.refusal = notice();
    this.unread = notice();
    this.element = h(
      'section',
      { class: 'card status', 'aria-label': 'Status' },
      h('div', { class: 'status-line' }, this.left, this.right),
      this.progress,
      this.condition,
      this.reason,
      this.refusal,
      this.unread,
    );
  }

  update(run) {
    const whole = Math.round(100 * (run.progress ?? 0));
    this.fill.style.width = `${100 * (run.progress ?? 0)}%`;
    this.progress.setAttribute('aria-valuenow', String(whole));
    this.element.dataset.state = run.state;
    const doing = [`iteration ${run.iteration}${run.iterations === null ? '' : ` of ${run.iterations}`}`];
    if (run.phase) {
      doing.push(run.phase);
    }
    if (run.epoch && run.phase === 'training') {
      doing.push(`epoch ${run.epoch.epoch} of ${run.epoch.epochs}`);
    }
    const eta = run.etaSeconds === null ? null : `about ${duration(run.etaSeconds)} left`;
    setText(this.right, [run.progress === null ? null : `${whole}\u2009%`, eta].filter(Boolean).join(' · '));
    setText(this.reason, run.reason ? run.reason.message : '');
    this.reason.hidden = !run.reason;
    say(this.condition, conditionText(run));
    say(this.refusal, refusalText(run));
    say(this.unread, unreadText(run));
    this.#doing = doing;
    this.tick(run);
  }

  /** The age of the last event grows without a message. */
  tick(run) {
    setText(this.left, [...this.#doing, silence(run)].filter(Boolean).join(' · '));
  }
}

function notice() {
  return h('p', { class: 'refusal', role: 'alert', hidden: true });
}

function say(element, text) {
  setText(element, text ?? '');
  element.hidden = text === null;
}

/** The newest numbers of the run. */
class Tiles {
  constructor() {
    this.element = h('dl', { class: 'tiles' });
  }

  update(run) {
    const accuracy = metric(run.metrics, 'accuracy');
    const delta = difference(accuracy, metric(run.denseMetrics, 'accuracy'));
    const next = run.lastDecision?.remainingNext ?? null;
    this.element.replaceChildren(
      tile('Accuracy', percent(accuracy, 2), delta === null ? '' : `${points(delta)} points to dense`),
      tile('Remaining weights', percent(run.remaining), next === null || next === run.remaining ? '' : `next ${percent(next)}`),
      tile('Active weights', count(run.active), run.total === null ? '' : `of ${count(run.total)}`),
      tile('PQ Index', decimal(run.pqi?.value, 4), run.pqi ? pairName(run.pqi) : ''),
      tile('Last decision', run.lastDecision ? run.lastDecision.verdict.replace('-', ' ') : NONE, run.lastDecision ? `at iteration ${run.lastDecision.iteration}` : ''),
    );
  }
}

function tile(name, value, note) {
  return h('div', { class: 'card tile' }, h('dt', {}, name), h('dd', { class: 'tile-value' }, value), h('dd', { class: 'tile-note' }, note));
}
