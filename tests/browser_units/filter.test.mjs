import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { matches } from "../../web/static/scripts/history/filter.js";

// tests/unit/test_search_rule.py holds the server to the same cases; all entries are drawings.
const CASES = JSON.parse(readFileSync(new URL("search-cases.json", import.meta.url), "utf8"));

for (const { predicted, corrected = null, input_type, search, found } of CASES) {
  const name = JSON.stringify({ predicted, corrected, input_type, search });
  test(`filter ${found ? "finds" : "does not find"} ${name}`, () => {
    const entry = { input_type: "canvas", predicted, corrected };
    const filter = { ...(input_type && { input_type }), ...(search && { search }) };
    assert.equal(matches(entry, filter), found);
  });
}
