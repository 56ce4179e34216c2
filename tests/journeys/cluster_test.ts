import assert from "node:assert/strict";
import { hire, openTickets } from "../cluster/cast.ts";
import { wrongWith } from "../cluster/deeds.ts";
import { makePatient } from "../cluster/patient.ts";
import { act, listen, type Pace, settled, silence, standOf } from "../cluster/show.ts";
import { deafnessOf, type Ear } from "../cluster/truth.ts";
import { type Client, client } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type Denokv, startDenokv, WHY_NO_DENOKV } from "../support/denokv.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile } from "../support/server.ts";
import { connect } from "../support/socket.ts";
import { staffStore } from "../support/staffed_store.ts";
import type { View } from "../support/work.ts";

// Three processes and the store that they share, as an operator runs them.

const PROCESSES = 3;
/** Specified: what somebody may do is the same in every process after this long. */
const EVERYWHERE_WITHIN_MS = 2_000;
const ARRIVES_WITHIN_MS = 10_000;

/** Hires before the processes start, and holds the store to its promises when they have ended. */
function onCluster(
  name: string,
  tryOut: (denokv: Denokv, start: () => Promise<Cluster>) => Promise<void>,
): void {
  Deno.test({
    name: WHY_NO_DENOKV === null ? name : `${name} (ignored: ${WHY_NO_DENOKV})`,
    ignore: WHY_NO_DENOKV !== null,
    async fn() {
      await using denokv = await startDenokv();
      const clusters: Cluster[] = [];
      try {
        await tryOut(denokv, async () => {
          const cluster = await startCluster(denokv, PROCESSES, { env: { LOG_LEVEL: "warning" } });
          clusters.push(cluster);
          return cluster;
        });
        for (const { members } of clusters) {
          assert.deepEqual(await Promise.all(members.map((member) => member.stop())), [0, 0, 0]);
        }
      } finally {
        for (const cluster of clusters) await cluster[Symbol.asyncDispose]();
      }
      using store = await openStoreFile(denokv.url);
      assert.deepEqual(await faultsOf(store), []);
    },
  });
}

const CAST = { supervisors: 6, agents: 24, customers: 30, departments: 4, ticketsEach: 2 };
const TOPICS_MAX = 20;

/** Makes changes while something happens, and holds to the feed what everybody heard of them. */
async function hearChanges(
  { url }: Denokv,
  start: () => Promise<Cluster>,
  pace: Pace,
  meanwhile: (cluster: Cluster) => Promise<void>,
): Promise<readonly Ear[]> {
  const players = await hire(url, CAST);
  const cluster = await start();
  const cast = { players, tickets: await openTickets(cluster, players, CAST) };
  const ears = await listen(cluster, cast, TOPICS_MAX);
  try {
    using store = await openStoreFile(url);
    const from = await standOf(store);
    const [done] = await Promise.all([
      act(cast, pace, makePatient(cluster).send),
      meanwhile(cluster),
    ]);
    assert.deepEqual(await wrongWith(store, done), []);
    const told = await settled(store, ears, from, ARRIVES_WITHIN_MS);
    assert.ok(told.length >= pace.changes, `${told.length} events`);
    for (const ear of ears) assert.deepEqual(deafnessOf(told, ear), []);
  } finally {
    await silence(ears);
  }
  return ears;
}

onCluster(
  "sixty sockets at three processes hear of changes in all of them, once and in order",
  async (denokv, start) => {
    const pace = { seed: 1, changes: 200, perSecond: 100, atOnce: 12 };
    const ears = await hearChanges(denokv, start, pace, () => Promise.resolve());
    for (const { listener } of ears) assert.deepEqual(listener.closings, []);
  },
);

onCluster(
  "sockets resume where they were, though a process is killed, one held still and the store restarted",
  async (denokv, start) => {
    const pace = { seed: 2, changes: 120, perSecond: 15, atOnce: 12 };
    await hearChanges(denokv, start, pace, async ({ members }) => {
      await pause(1_000);
      await members[0]?.kill();
      members[1]?.pause();
      await pause(1_000);
      await members[0]?.restart();
      await pause(2_000);
      members[1]?.resume();
      await pause(1_000);
      await denokv.restart();
    });
  },
);

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whoever loses a right, by what is done through one process, while two others know them well. */
const REVOCATIONS: readonly {
  readonly what: string;
  readonly revoke: (victim: Client, victimId: string, admin: Client) => Promise<unknown>;
  readonly refusedWith: readonly [status: number, code: string];
}[] = [
  {
    what: "a logout",
    revoke: (victim) => victim.post("/api/auth/logout", undefined, 200),
    refusedWith: [401, "unauthenticated"],
  },
  {
    what: "another role",
    revoke: (_, id, admin) => admin.put(`/api/users/${id}`, { role: "user" }),
    refusedWith: [401, "token_expired"],
  },
  {
    what: "a deactivation",
    revoke: (_, id, admin) => admin.call("DELETE", `/api/users/${id}`),
    refusedWith: [401, "unauthenticated"],
  },
];

onCluster(
  "a logout, another role and a deactivation hold in every process within two seconds",
  async (denokv, start) => {
    const [chief, ...victims] = await staffStore(denokv.url, [
      { role: "admin" },
      ...REVOCATIONS.map(() => ({ role: "supervisor" as const })),
    ]);
    const { members } = await start();
    await Promise.all(REVOCATIONS.map(async ({ what, revoke, refusedWith }, index) => {
      const { userId = "", token = "" } = victims[index] ?? {};
      const [here, ...there] = members.map(({ url }) => client(url, token));
      assert.ok(here !== undefined);
      const sockets = await Promise.all(members.map(({ url }) => connect(url, token)));
      try {
        await Promise.all(sockets.map((socket) => socket.hear(({ type }) => type === "ready")));
        const known = await Promise.all(there.map(({ call }) => call("GET", "/api/agents")));
        assert.deepEqual(known.map(({ status }) => status), there.map(() => 200), what);
        await revoke(here, userId, client(members[0]?.url ?? "", chief?.token ?? null));
        // A request that is begun when the time is up; how long its answer takes is another matter.
        await pause(EVERYWHERE_WITHIN_MS);
        const answers = await Promise.all(there.map(({ call }) => call("GET", "/api/agents")));
        const refused = answers.map(({ status, json }) => [status, json.code]);
        assert.deepEqual(refused, there.map(() => refusedWith), what);
        const closed = await Promise.all(sockets.map((socket) => socket.closed(0)));
        assert.deepEqual(closed, members.map(() => 4403), what);
      } finally {
        await Promise.all(sockets.map((socket) => socket[Symbol.asyncDispose]()));
      }
    }));
  },
);

const ROUNDS = 20;

onCluster(
  "of agents at different processes who claim the same ticket exactly one wins",
  async (denokv, start) => {
    const [customer, ...agents] = await staffStore(denokv.url, [
      { role: "user" },
      // They take what they claim, and the router gives them nothing.
      ...Array.from({ length: PROCESSES }, () => ({
        role: "agent" as const,
        agent: { status: "busy" as const, maxTickets: ROUNDS },
      })),
    ]);
    const { members } = await start();
    const requester = client(members[0]?.url ?? "", customer?.token ?? null);
    const claimants = agents.map(({ token, agentId }, index) => ({
      agentId,
      ...client(members[index]?.url ?? "", token),
    }));
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await requester.post("/api/tickets", {
        title: "Help",
        description: "Please.",
      });
      const answers = await Promise.all(
        claimants.map(({ call, agentId }) => call("POST", `/api/agents/${agentId}/claim/${id}`)),
      );
      const won = answers.filter(({ status }) => status === 200);
      const lost = answers.filter(({ status }) => status === 409);
      assert.deepEqual([won.length, lost.length], [1, PROCESSES - 1]);
      for (const { json } of lost) assert.equal(json.code, "already_claimed");
      for (const { get } of claimants) {
        assert.equal((await get(`/api/tickets/${id}`)).assignedTo.id, won[0]?.json.data.agent.id);
      }
    }
  },
);

onCluster(
  "a configuration that is edited in one process is used in the others within two seconds",
  async (denokv, start) => {
    const [chief, customer] = await staffStore(denokv.url, [{ role: "admin" }, { role: "user" }]);
    const { members } = await start();
    const admins = members.map(({ url }) => client(url, chief?.token ?? null));
    const requesters = members.map(({ url }) => client(url, customer?.token ?? null));
    const shownBy = async ({ get }: Client): Promise<unknown> => {
      const listed = await get("/api/sla/config");
      return listed.find(({ id }: View) => id === "3-general").responseTime;
    };
    const promisedBy = async ({ post }: Client): Promise<number> => {
      const ticket = { title: "Help", description: "Please.", priority: 3 };
      const { createdAt, sla } = await post("/api/tickets", ticket);
      return (Date.parse(sla.responseDeadline) - Date.parse(createdAt)) / 60_000;
    };
    for (const [index, minutes] of [7, 11].entries()) {
      // All of them know what holds until now.
      await Promise.all(requesters.map(promisedBy));
      await admins[index]?.put("/api/sla/config/3/general", { responseTime: minutes });
      await pause(EVERYWHERE_WITHIN_MS);
      const expected = members.map(() => minutes);
      assert.deepEqual(await Promise.all(admins.map(shownBy)), expected);
      assert.deepEqual(await Promise.all(requesters.map(promisedBy)), expected);
    }
  },
);
