// SPDX-License-Identifier: Apache-2.0

const RECONNECT_MILLIS = 2000;

/**
 * Follows all runs. The first message of a connection holds every run, later messages hold the runs that changed. A hidden page
 * closes its connection, because a browser opens few connections per host; a page that is shown again connects again.
 *
 * @param {(message: {caughtUp: boolean, kafkaSilentSeconds: number|null, runs: object[], removed: string[]}, first: boolean) => void} onMessage
 * @param {(connected: boolean) => void} onLink
 */
export function follow(onMessage, onLink) {
  let source = null;
  const close = () => {
    source?.close();
    source = null;
  };
  const connect = () => {
    if (source !== null || document.hidden) {
      return;
    }
    const opened = new EventSource('/runs/events');
    let first = true;
    source = opened;
    opened.onopen = () => {
      first = true;
      onLink(true);
    };
    opened.onmessage = (event) => {
      onMessage(JSON.parse(event.data), first);
      first = false;
    };
    opened.onerror = () => {
      if (source !== opened) {
        return;
      }
      onLink(false);
      if (opened.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(connect, RECONNECT_MILLIS);
      }
    };
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : connect()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', connect);
  connect();
}

/** All that is known about one run. Rejects with the message of the dashboard if there is no such run. */
export async function fetchRun(id) {
  const response = await fetch(`/runs/${encodeURIComponent(id)}`, {
    headers: { accept: 'application/json' },
  });
  if (response.ok) {
    return response.json();
  }
  throw new Error(await detailOf(response));
}

async function detailOf(response) {
  const status = `the dashboard answers ${response.status}`;
  try {
    return (await response.json()).detail ?? status;
  } catch {
    return status;
  }
}
