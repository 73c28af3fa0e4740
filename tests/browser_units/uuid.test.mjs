import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid } from "../../web/static/scripts/common/uuid.js";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("uuid is a random one of version 4", () => {
  assert.match(uuid(), VERSION_4);
});

test("uuid works without randomUUID, which plain http lacks", (context) => {
  const { getRandomValues } = crypto;
  const plain = { getRandomValues: getRandomValues.bind(crypto) };
  const secure = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: plain, configurable: true });
  context.after(() => Object.defineProperty(globalThis, "crypto", secure));
  assert.match(uuid(), VERSION_4);
});
