import assert from "node:assert/strict";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import { packStart } from "../../domain/rules/sla_range.ts";
import { PACKS_READ_MAX } from "../../domain/services/sla_figures.ts";
import { keys } from "../../domain/store/keys.ts";
import { piecesOf } from "../../domain/store/sla_packs.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { anAfternoon, setScene } from "../support/analytics.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, look, type View } from "../support/work.ts";

const NOBODY = "01900000-0000-7000-8000-00000000dead";

/** The rows that the boss is told, in short. */
function inShort({ agents, total }: View): unknown {
  return [agents.map(({ agentName, resolved }: View) => [agentName, resolved]), total];
}

Deno.test("who has no figures among those that are asked for is not told of, packed or not", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const before = "startDate=2026-01-05T06:00&endDate=2026-01-05T09:00";
  for (const isPacked of [false, true]) {
    if (isPacked) await packMetrics(scene.desk.desk);
    for (const which of ["department=nobody", "priority=3", "category=urgent", before]) {
      assert.deepEqual(inShort(await scene.told(`agents?${which}`)), [[], 0], which);
    }
    assert.deepEqual(inShort(await scene.told("agents?priority=1")), [[["=Amira", 1]], 1]);
  }
});

Deno.test("who is asked for by name is told of without figures too, but nobody who is nobody", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const idle = await scene.told(`agents?agentId=${agentId(scene.other)}&department=nobody`);
  assert.deepEqual(inShort(idle), [[["Ben", 0]], 1]);
  assert.deepEqual(inShort(await scene.told(`agents?agentId=${NOBODY}`)), [[], 0]);
  const { totals } = await scene.told(`tickets?agentId=${NOBODY}`);
  assert.deepEqual([totals.resolved, totals.opened, totals.backlog], [0, null, null]);
});

Deno.test("of more packs than are read at once one agent's are still told", async () => {
  await using scene = await setScene();
  const { desk, boss } = scene;
  const { reader } = desk.desk.store;
  const start = packStart("month", desk.clock.now());
  const [piece] = piecesOf(packBytes(new Map()));
  for (let from = 0; from <= PACKS_READ_MAX; from += 1_000) {
    const atomic = reader.atomic();
    for (let n = from; n < from + 1_000; n++) {
      const name = { scope: "agent", level: "month", start, whose: `agent ${n}` } as const;
      atomic.set(keys.slaPack({ ...name, priority: 1 }, 0), piece);
    }
    await atomic.commit();
  }
  const path = "/api/analytics/agents?startDate=2026-01-01";
  const refused = await desk.call(boss, "GET", path);
  assertProblem(refused, 400, "invalid_input");
  const [{ path: at, message }] = refused.json.errors;
  assert.equal(at, "startDate");
  assert.match(message, /unless you ask for one agent/);
  const { agents } = await look(desk, boss, `${path}&agentId=${agentId(scene.agent)}`);
  assert.equal(agents.length, 1);
  for await (const { key } of reader.list({ prefix: ["sla_pack"] })) await reader.delete(key);
});
