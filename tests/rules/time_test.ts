import assert from "node:assert/strict";
import { iso, isoOrNull } from "../../domain/rules/time.ts";
import { OPENED } from "../support/builders.ts";

Deno.test("an instant is told in UTC with milliseconds, and none as null", () => {
  assert.equal(iso(OPENED), "2026-01-05T09:00:00.000Z");
  assert.equal(isoOrNull(OPENED + 7), "2026-01-05T09:00:00.007Z");
  assert.equal(isoOrNull(0), "1970-01-01T00:00:00.000Z");
  assert.equal(isoOrNull(null), null);
});
