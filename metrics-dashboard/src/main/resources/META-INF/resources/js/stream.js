// SPDX-License-Identifier: Apache-2.0

/**
 * Follows all runs. The first message holds every run, later ones what changed; the browser
 * connects again by itself, and then gets every run once more.
 *
 * @param {(message: {caughtUp: boolean, runs: object[], removed: string[]}, first: boolean) => void} onMessage
 * @param {(connected: boolean) => void} onLink
 */
export function follow(onMessage, onLink) {
  let source = null;
  const connect = () => {
    let first = true;
    source = new EventSource('/runs/events');
    source.onopen = () => {
      first = true;
      onLink(true);
    };
    source.onmessage = (event) => {
      onMessage(JSON.parse(event.data), first);
      first = false;
    };
    source.onerror = () => {
      onLink(false);
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(connect, 2000);
      }
    };
  };
  connect();
}

/** All that is known of one run, or null where there is none of that name. */
export async function fetchRun(id) {
  const response = await fetch(`/runs/${encodeURIComponent(id)}`, {
    headers: { accept: 'application/json' },
  });
  return response.ok ? response.json() : null;
}
