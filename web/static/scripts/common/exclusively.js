/**
 * Run a task while no other page of this browser runs one of the same name. Without the Web Locks
 * API, which plain http lacks, it runs at once.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export function exclusively(name, task) {
  return navigator.locks ? navigator.locks.request(name, task) : task();
}
