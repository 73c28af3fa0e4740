const MAX_IDS = 100; // of one request

/** Return ids in parts that one request takes. @param {string[]} ids @returns {string[][]} */
export function inBatches(ids) {
  const count = Math.ceil(ids.length / MAX_IDS);
  return Array.from({ length: count }, (_, batch) =>
    ids.slice(batch * MAX_IDS, (batch + 1) * MAX_IDS),
  );
}
