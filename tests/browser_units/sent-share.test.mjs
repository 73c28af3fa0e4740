import assert from "node:assert/strict";
import { test } from "node:test";
import { sentShare } from "../../web/static/scripts/photos/sent-share.js";

const SHARES = [
  { waitingBytes: 100, totalBytes: 100, share: 0 },
  { waitingBytes: 25, totalBytes: 100, share: 0.75 },
  { waitingBytes: 0, totalBytes: 100, share: 1 },
  { waitingBytes: 300, totalBytes: 100, share: 0 },
  { waitingBytes: 0, totalBytes: 0, share: 1 },
  { waitingBytes: 50, totalBytes: 0, share: 1 },
];

for (const { waitingBytes, totalBytes, share } of SHARES) {
  test(`share with ${waitingBytes} of ${totalBytes} bytes waiting is ${share}`, () => {
    assert.equal(sentShare(waitingBytes, totalBytes), share);
  });
}
