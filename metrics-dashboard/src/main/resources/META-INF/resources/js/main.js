// SPDX-License-Identifier: Apache-2.0
import { setText } from './dom.js';
import { RunPage } from './run.js';
import { RunsPage } from './runs.js';
import { follow } from './stream.js';

const view = document.getElementById('view');
const link = document.getElementById('link-state');
const runs = new Map();
let caughtUp = false;
let page = null;
let shown = null;

/** The run that the address names, or null for the table: #/runs/ID or ?run=ID. */
function wanted() {
  const match = /^#\/runs\/([a-z0-9-]+)$/.exec(location.hash);
  if (match) {
    return match[1];
  }
  return location.hash === '' ? new URLSearchParams(location.search).get('run') : null;
}

function route() {
  const id = wanted();
  if (page && id === shown) {
    return;
  }
  const first = page === null;
  page?.close?.();
  shown = id;
  page = id === null ? new RunsPage(view) : new RunPage(view, id);
  document.title = id === null ? 'Espalier' : `${id} · Espalier`;
  refresh();
  if (!first) {
    scrollTo(0, 0);
    view.focus({ preventScroll: true });
  }
}

function refresh() {
  page.update([...runs.values()], caughtUp);
}

follow(
  (message, first) => {
    if (first) {
      runs.clear();
    }
    caughtUp = message.caughtUp;
    message.runs.forEach((run) => runs.set(run.runId, run));
    message.removed.forEach((id) => runs.delete(id));
    setText(link, caughtUp ? 'live' : 'reading the topics');
    refresh();
  },
  (connected) => {
    link.dataset.link = connected ? 'up' : 'down';
    setText(link, connected ? 'live' : 'connection lost, trying again');
  },
);
addEventListener('hashchange', route);
setInterval(() => page.tick(), 5000);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => page.recolour?.());
route();
