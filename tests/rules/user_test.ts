import assert from "node:assert/strict";
import { DAY_MS, SECOND_MS } from "../../domain/rules/time.ts";
import {
  isLive,
  isReusable,
  judgeRefresh,
  normaliseEmail,
  searchedName,
  type Session,
  sessionStart,
  type User,
  voidSessions,
} from "../../domain/rules/user.ts";
import { searchForm } from "../../domain/rules/text.ts";
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

Deno.test("the session that ended the others stays good, and it alone", () => {
  const user = voidSessions(USER, OPENED, SESSION.id);
  assert.equal(isLive(SESSION, user, OPENED), true);
  assert.equal(isLive({ ...SESSION, id: "session-2" }, user, OPENED), false);
  assert.equal(isLive(SESSION, user, SESSION.expiresAt), false);
  // Until all are ended, or another one ends the others.
  assert.equal(isLive(SESSION, voidSessions(user, OPENED, null), OPENED), false);
  assert.equal(isLive(SESSION, voidSessions(user, OPENED, "session-2"), OPENED), false);
});

Deno.test("a session that begins after all were ended is good, whatever its clock says", () => {
  const ended = voidSessions(USER, OPENED, null);
  const twice = voidSessions(ended, OPENED - DAY_MS, null);
  for (const user of [ended, twice]) {
    for (const at of [OPENED - DAY_MS, OPENED, OPENED + DAY_MS]) {
      const session = { ...SESSION, createdAt: sessionStart(user, at) };
      assert.equal(isLive(session, user, OPENED), true);
    }
  }
  const between = { ...SESSION, createdAt: sessionStart(ended, OPENED) };
  assert.equal(isLive(between, twice, OPENED), false);
});

Deno.test("no session of a deactivated user is good, old or new", () => {
  const user = { ...USER, deactivatedAt: OPENED };
  assert.equal(isLive(SESSION, user, OPENED), false);
  assert.equal(isLive(SESSION, voidSessions(user, OPENED - 1, SESSION.id), OPENED), false);
});

Deno.test("a refresh token is good any number of times until its session rotates, ever", () => {
  const fresh = { ...SESSION, previousHash: null };
  assert.equal(isReusable(fresh, "good"), true);
  assert.equal(isReusable(fresh, "other"), false);
  assert.equal(isReusable(SESSION, "good"), false);
  assert.equal(isReusable(SESSION, "spent"), false);
});

Deno.test("names are searched without case and accents", () => {
  assert.equal(searchForm(" \u00C9ric \u0160imek "), "eric simek");
  assert.equal(searchForm("e\u0301ric"), searchForm("\u00C9RIC"));
  assert.equal(searchForm("Wei\u00DF"), searchForm("WEISS"));
  // A vowel sign makes another name of it, which an accent does not.
  assert.notEqual(searchForm("\u0939\u093F"), searchForm("\u0939\u0940"));
  // However long it gets when it is taken apart, it fits a key.
  assert.equal(searchedName("\uFDFA".repeat(100)).length, 100);
  // Taken apart and put together again, what has no accents stays itself.
  assert.equal(searchForm("\uD55C\uAE00"), "\uD55C\uAE00");
});

Deno.test("an e-mail address is the same whatever its case and the space around it", () => {
  assert.equal(normaliseEmail("  Carla@Example.COM\n"), "carla@example.com");
  assert.equal(normaliseEmail("carla@example.com"), "carla@example.com");
});
