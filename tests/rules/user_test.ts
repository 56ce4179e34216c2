import assert from "node:assert/strict";
import { DAY_MS, SECOND_MS } from "../../domain/rules/time.ts";
import {
  isLive,
  judgeRefresh,
  normaliseEmail,
  type Session,
  type User,
} from "../../domain/rules/user.ts";
import { OPENED } from "../support/builders.ts";

const SESSION: Session = {
  schema: 1,
  id: "session-1",
  userId: "user-1",
  createdAt: OPENED,
  expiresAt: OPENED + 30 * DAY_MS,
  refreshHash: "good",
  previousHash: "spent",
  rotatedAt: OPENED,
};

const USER: User = {
  schema: 1,
  id: "user-1",
  name: "Carla",
  email: "carla@example.com",
  role: "user",
  passwordHash: "",
  sessionsValidFrom: OPENED - DAY_MS,
  createdAt: OPENED - DAY_MS,
};

Deno.test("the refresh token that is good now rotates, however late it comes", () => {
  for (const seconds of [0, 30, 31, 1_000_000]) {
    assert.equal(judgeRefresh(SESSION, "good", OPENED + seconds * SECOND_MS), "rotate");
  }
});

Deno.test("a spent refresh token gets the same successor for thirty seconds, then it is a theft", () => {
  assert.equal(judgeRefresh(SESSION, "spent", OPENED), "repeat");
  assert.equal(judgeRefresh(SESSION, "spent", OPENED + 30 * SECOND_MS), "repeat");
  assert.equal(judgeRefresh(SESSION, "spent", OPENED + 30 * SECOND_MS + 1), "replayed");
});

Deno.test("a refresh token older than the last, or from elsewhere, is a theft at once", () => {
  assert.equal(judgeRefresh(SESSION, "older", OPENED), "replayed");
  assert.equal(judgeRefresh({ ...SESSION, previousHash: null }, "spent", OPENED), "replayed");
});

Deno.test("a session lives until the moment it expires", () => {
  assert.equal(isLive(SESSION, USER, OPENED), true);
  assert.equal(isLive(SESSION, USER, SESSION.expiresAt - 1), true);
  assert.equal(isLive(SESSION, USER, SESSION.expiresAt), false);
});

Deno.test("a session that began before its user ended all sessions is void", () => {
  const ended = (sessionsValidFrom: number): boolean =>
    isLive(SESSION, { ...USER, sessionsValidFrom }, OPENED + SECOND_MS);
  assert.equal(ended(OPENED - 1), true);
  assert.equal(ended(OPENED), true);
  assert.equal(ended(OPENED + 1), false);
});

Deno.test("an e-mail address is the same whatever its case and the space around it", () => {
  assert.equal(normaliseEmail("  Carla@Example.COM\n"), "carla@example.com");
  assert.equal(normaliseEmail("carla@example.com"), "carla@example.com");
});
