// SPDX-License-Identifier: Apache-2.0

/** A colour of the style sheet, in the scheme that is in force. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
