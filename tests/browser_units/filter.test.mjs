import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { matches } from "../../web/static/scripts/history/filter.js";

// tests/unit/test_filter_rule.py holds the server to the same cases.
const CASES = JSON.parse(readFileSync(new URL("filter-cases.json", import.meta.url), "utf8"));
const ENTRY = {
  input_type: "canvas",
  corrected: null,
  disputed: false,
  uncertain: false,
  list: null,
  maker: "me",
  timestamp: "2026-01-31T12:00:00.123Z",
};

for (const { filter, found, ...fields } of CASES) {
  const name = `${JSON.stringify(filter)} ${found ? "passes" : "refuses"} ${JSON.stringify(fields)}`;
  test(name, () => assert.equal(matches({ ...ENTRY, ...fields }, filter, "me"), found));
}
