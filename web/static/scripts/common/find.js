/**
 * The one element that matches, of the class expected. A page without it is a bug, and says so.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} kind
 * @param {ParentNode} root
 * @returns {E}
 */
export function find(selector, kind, root = document) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} ${selector}`);
}
