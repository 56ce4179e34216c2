import type { RefusalCode } from "../../domain/rules/refusal.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk, type Person, type TestDesk } from "./desk.ts";
import { assertProblem } from "./problem.ts";
import { times } from "./scene_shifts.ts";
import { agentId, dataOf, type View } from "./work.ts";

/** A desk with Ada, who is offline, and who supervises her, asked over HTTP. */
export interface ShiftScene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly ada: Person;
  readonly boss: Person;
  /** Schedules a shift of Ada's by minutes from now. */
  schedule(from: number, to: number, more?: object): Promise<View>;
  refused(
    person: Person,
    asked: [method: string, path: string, body?: object],
    status: number,
    code: RefusalCode,
  ): Promise<View>;
  pass(minutes: number): void;
}

export async function setShiftScene(): Promise<ShiftScene> {
  const desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d" });
  const ada = await desk.join("agent", { name: "Ada", agent: { status: "offline" } });
  const boss = await desk.join("supervisor");
  return {
    desk,
    ada,
    boss,
    async schedule(from, to, more = {}) {
      const body = { agentId: agentId(ada), timezone: "UTC", ...times(desk, from, to), ...more };
      return dataOf(await desk.call(boss, "POST", "/api/shifts/schedule", body), 201);
    },
    async refused(person, [method, path, body], status, code) {
      const answer = await desk.call(person, method, path, body);
      assertProblem(answer, status, code);
      return answer.json;
    },
    pass: (minutes) => desk.clock.advance(minutes * MINUTE_MS),
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}
