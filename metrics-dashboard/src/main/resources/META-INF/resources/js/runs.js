// SPDX-License-Identifier: Apache-2.0
import { bar, policyText, stateBadge } from './badges.js';
import { arrange, h, setText } from './dom.js';
import { ago, decimal, difference, iterationOf, metric, NONE, percent, points, silence } from './format.js';
import { unreadNote } from './notices.js';

const accuracy = (run) => metric(run.metrics, 'accuracy');
const toDense = (run) => difference(accuracy(run), metric(run.denseMetrics, 'accuracy'));

/** The columns: title, what is compared when sorting, and what is shown. */
const COLUMNS = [
  { title: 'Run', key: (run) => run.runId, show: (run) => runLink(run), wide: true },
  { title: 'State', key: (run) => run.state, show: stateOf, live: true },
  { title: 'Model', key: (run) => run.model ?? '', show: (run) => run.model ?? external(run) },
  { title: 'Data set', key: (run) => run.dataset ?? '', show: (run) => run.dataset ?? NONE, minor: true },
  { title: 'Policy', key: (run) => run.policy?.name ?? '', show: (run) => policyText(run.policy), minor: true },
  { title: 'Iteration', key: (run) => run.iteration, show: iterationOf, numeric: true },
  { title: 'Remaining', key: (run) => run.remaining, show: remaining, numeric: true },
  { title: 'PQI', key: (run) => run.pqi?.value, show: (run) => decimal(run.pqi?.value), numeric: true, minor: true },
  { title: 'Accuracy', key: accuracy, show: (run) => percent(accuracy(run), 2), numeric: true },
  { title: 'Δ to dense', key: toDense, show: (run) => delta(toDense(run)), numeric: true, minor: true },
  { title: 'Updated', key: (run) => Date.parse(run.updatedAt), show: updated, numeric: true, live: true },
];

/** The first page: every run in one sortable table. */
export class RunsPage {
  #rows = new Map();
  #sort = { column: null, descending: true };
  #runs = [];

  constructor(root) {
    this.#build(root);
  }

  #build(root) {
    this.heads = COLUMNS.map((column, index) => {
      const button = h('button', { type: 'button' }, column.title);
      button.addEventListener('click', () => this.#sortBy(index));
      return h('th', { scope: 'col', class: column.numeric ? 'numeric' : null }, button);
    });
    this.body = h('tbody');
    this.counted = h('p', { class: 'muted' });
    this.table = h(
      'div',
      { class: 'card scroll' },
      h('table', { class: 'stack runs' }, h('thead', {}, h('tr', {}, ...this.heads)), this.body),
    );
    this.empty = emptyState();
    this.waiting = h('p', { class: 'empty' }, 'Reading the topics …');
    root.replaceChildren(
      h('div', { class: 'title-row' }, h('h1', {}, 'Runs'), this.counted),
      this.table,
      this.empty,
      this.waiting,
    );
  }

  update(runs, caughtUp) {
    this.#runs = runs;
    const none = runs.length === 0;
    this.table.hidden = none;
    this.empty.hidden = !(none && caughtUp);
    this.waiting.hidden = !(none && !caughtUp);
    const active = runs.filter((run) => run.state === 'running').length;
    setText(this.counted, none ? '' : `${runs.length} in all, ${active} running`);
    this.#render();
  }

  tick() {
    this.#runs.forEach((run) => this.#rows.get(run.runId)?.tick(run));
  }

  #render() {
    const rows = this.#sorted().map((run) => {
      const row = this.#rows.get(run.runId) ?? new Row();
      this.#rows.set(run.runId, row);
      row.update(run);
      return row.element;
    });
    arrange(this.body, rows);
  }

  #sorted() {
    const { column, descending } = this.#sort;
    const runs = [...this.#runs];
    if (column === null) {
      return runs.sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
    }
    const key = COLUMNS[column].key;
    return runs.sort((a, b) => compare(key(a), key(b), descending));
  }

  #sortBy(index) {
    const again = this.#sort.column === index;
    const descending = again ? !this.#sort.descending : Boolean(COLUMNS[index].numeric);
    this.#sort = { column: index, descending };
    this.heads.forEach((head, i) => {
      if (i === index) {
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    });
    this.#render();
  }
}

/** One row, changed in place. */
class Row {
  constructor() {
    this.cells = COLUMNS.map((column) =>
      h('td', {
        'data-label': column.title,
        class: [column.numeric && 'numeric', column.minor && 'minor', column.wide && 'lead']
          .filter(Boolean)
          .join(' '),
      }),
    );
    this.element = h('tr', {}, ...this.cells);
    this.element.addEventListener('click', (event) => {
      if (!event.target.closest('a') && getSelection().isCollapsed) {
        location.hash = this.target;
      }
    });
  }

  update(run) {
    const text = JSON.stringify(run);
    if (this.shown !== text) {
      this.shown = text;
      this.target = address(run.runId);
      COLUMNS.forEach((column, index) => this.#show(index, column.show(run)));
    }
  }

  tick(run) {
    COLUMNS.forEach((column, index) => {
      if (column.live) {
        this.#show(index, column.show(run));
      }
    });
  }

  #show(index, content) {
    const cell = this.cells[index];
    if (typeof content === 'string') {
      setText(cell, content);
    } else if (!cell.firstChild?.isEqualNode?.(content)) {
      cell.replaceChildren(content);
    }
  }
}

export function address(id) {
  return `#/runs/${encodeURIComponent(id)}`;
}

/** Unknown values come last, whichever way the column is sorted. */
function compare(a, b, descending) {
  const missing = (value) => value === null || value === undefined || value === '';
  if (missing(a) || missing(b)) {
    return Number(missing(a)) - Number(missing(b));
  }
  const order = typeof a === 'string' ? a.localeCompare(b) : a - b;
  return descending ? -order : order;
}

function runLink(run) {
  return h('a', { href: address(run.runId), class: 'run-link' }, run.runId);
}

/** The state, and what a user should know about it at a glance. */
function stateOf(run) {
  const notes = [run.heldUp ? 'held up' : null, silence(run), unreadNote(run)].filter(Boolean);
  return h('span', { class: 'state-cell' }, stateBadge(run.state), notes.length > 0 ? h('span', { class: 'state-note' }, notes.join(' · ')) : null);
}

function external(run) {
  return run.trainer === 'external' ? h('span', { class: 'muted' }, 'external') : NONE;
}

function remaining(run) {
  if (run.remaining === null) {
    return NONE;
  }
  const text = percent(run.remaining);
  return h('span', { class: 'with-bar' }, text, bar(run.remaining, `${text} of the weights remain`));
}

function delta(value) {
  const kind = value === null ? 'muted' : value < -0.005 ? 'worse' : value > 0.0005 ? 'better' : 'even';
  return h('span', { class: kind }, points(value));
}

function updated(run) {
  return h('time', { datetime: run.updatedAt, title: new Date(run.updatedAt).toLocaleString('en-GB') }, ago(run.updatedAt));
}

function emptyState() {
  return h(
    'section',
    { class: 'empty' },
    h('h2', {}, 'No runs yet'),
    h('p', {}, 'Start one from a terminal, in the folder of the project:'),
    h(
      'pre',
      { tabindex: '0' },
      h('code', {}, './espalier run --model mlp --dataset wave-source --iterations 10 --follow'),
    ),
    h('p', { class: 'muted' }, 'It appears here by itself, with its curves as they grow. wave-source is generated: nothing is downloaded.'),
  );
}
