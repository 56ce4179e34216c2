import assert from "node:assert/strict";
import { NOTIFICATION_TYPES } from "../../domain/rules/notification.ts";
import { completePreferences, deliveryOf } from "../../domain/rules/preferences.ts";

Deno.test("whoever never chose, and every type that was not named, is told live", () => {
  for (const type of NOTIFICATION_TYPES) {
    assert.equal(deliveryOf(undefined, type), "live");
    assert.equal(deliveryOf({}, type), "live");
    for (const other of NOTIFICATION_TYPES) {
      assert.equal(deliveryOf({ [type]: "off" }, other), type === other ? "off" : "live");
    }
  }
});

Deno.test("all preferences name all ten types, with what was chosen", () => {
  assert.deepEqual(completePreferences({ sla_breach: "silent", handover: "off" }), {
    ticket_assigned: "live",
    ticket_updated: "live",
    comment_added: "live",
    sla_warning: "live",
    sla_breach: "silent",
    escalation: "live",
    shift_starting: "live",
    shift_ending: "live",
    handover: "off",
    break_reminder: "live",
  });
  assert.deepEqual([...new Set(Object.values(completePreferences(undefined)))], ["live"]);
});
