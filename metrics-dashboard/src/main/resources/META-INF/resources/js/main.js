// SPDX-License-Identifier: Apache-2.0
import { setText, visible } from './dom.js';
import { Link } from './link.js';
import { RunPage } from './run.js';
import { RunsPage } from './runs.js';
import { follow } from './stream.js';

const view = document.getElementById('view');
const linkState = document.getElementById('link-state');
const link = new Link();
const runs = new Map();
let caughtUp = false;
let page = null;
let shown = null;

/** The run that the address names (#/runs/ID or ?run=ID), or null for the table. */
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
  document.title = id === null ? 'Espalier' : `${visible(id)} · Espalier`;
  refresh();
  if (!first) {
    scrollTo(0, 0);
    view.focus({ preventScroll: true });
  }
}

function refresh() {
  page.update([...runs.values()], caughtUp);
}

function showLink() {
  const { state, text } = link.describe(Date.now());
  linkState.dataset.link = state;
  setText(linkState, text);
}

follow(
  (message, first) => {
    if (first) {
      runs.clear();
    }
    caughtUp = message.caughtUp;
    message.runs.forEach((run) => runs.set(run.runId, run));
    message.removed.forEach((id) => runs.delete(id));
    link.received(message, Date.now());
    showLink();
    refresh();
  },
  (connected) => {
    if (connected) {
      link.connected();
    } else {
      link.lost();
    }
    showLink();
  },
);
addEventListener('hashchange', route);
setInterval(() => page.tick(), 5000);
setInterval(showLink, 1000);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => page.recolour?.());
route();
