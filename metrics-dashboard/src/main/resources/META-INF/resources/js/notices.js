// SPDX-License-Identifier: Apache-2.0
import { clock } from './format.js';

/** Why the controller holds the run up, or null. */
export function conditionText(run) {
  return run.heldUp
    ? `Held up since ${clock(run.heldUp.since)}: ${run.heldUp.reason.message}`
    : null;
}

/** Why the newest policy is not in force, or null. */
export function refusalText(run) {
  return run.policyRefusal
    ? `The newest policy is refused, the one before stays in force: ${run.policyRefusal.message}`
    : null;
}

/** Which events of the run could not be read, or null. */
export function unreadText(run) {
  if (!run.unreadEvents) {
    return null;
  }
  const lines = run.unread.map((one) => `${one.message} (${one.topic} ${one.partition}@${one.offset})`);
  const title = run.unreadEvents === 1
    ? '1 event of this run could not be read:'
    : `${run.unreadEvents} events of this run could not be read:`;
  const advice = `Try: espalier dead-letters list --run ${run.runId}`;
  return lines.length === 1
    ? `${title} ${lines[0]}\n${advice}`
    : [title, ...lines, advice].join('\n');
}

/** The same for a row, or null. */
export function unreadNote(run) {
  if (!run.unreadEvents) {
    return null;
  }
  return run.unreadEvents === 1 ? '1 event could not be read' : `${run.unreadEvents} events could not be read`;
}
