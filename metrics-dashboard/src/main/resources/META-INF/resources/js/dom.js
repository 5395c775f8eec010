// SPDX-License-Identifier: Apache-2.0

/**
 * An element. Text becomes text nodes, never markup: whatever an event says is shown to the letter.
 *
 * @param {string} tag
 * @param {Object<string, string|boolean|null|undefined>} attributes left out where null or false
 * @param {...(Node|string|null)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets text only where it differs, so that a selection or a screen reader is left in peace. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Puts children in order, and moves only what is not in its place: focus stays where it is. */
export function arrange(parent, children) {
  children.forEach((child, index) => {
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
  });
  while (parent.children.length > children.length) {
    parent.lastElementChild.remove();
  }
}
