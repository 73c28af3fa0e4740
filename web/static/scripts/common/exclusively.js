/**
 * Run a task while no other page of this browser runs one of the same name. Without the Web Locks
 * API, which plain http lacks and a browser without cookies forbids, it runs at once.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function exclusively(name, task) {
  let isBegun = false;
  const begin = () => {
    isBegun = true;
    return task();
  };
  if (!navigator.locks) return begin();
  try {
    return await navigator.locks.request(name, begin);
  } catch (error) {
    if (isBegun) throw error;
    return begin();
  }
}
