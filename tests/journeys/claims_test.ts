import assert from "node:assert/strict";
import { client } from "../support/client.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { staffStore } from "../support/staffed_store.ts";

const AGENTS = 200;
/** They take what they claim, and the router gives them nothing. */
const busy = { status: "busy" as const, maxTickets: 5 };

Deno.test("of two hundred agents claiming one ticket exactly one wins", async () => {
  await using store = await temporaryStorePath();
  const [customer, ...agents] = await staffStore(store.path, [
    { role: "user" },
    ...Array.from({ length: AGENTS }, () => ({ role: "agent" as const, agent: busy })),
  ]);
  {
    await using server = await startServer(store.path);
    const requester = client(server.url, customer?.token ?? null);
    const ticket = await requester.post("/api/tickets", { title: "Help", description: "Please." });
    const answers = await Promise.all(
      agents.map(({ agentId, token }) =>
        client(server.url, token).call("POST", `/api/agents/${agentId}/claim/${ticket.id}`)
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    assert.equal(won.length, 1);
    assert.equal(lost.length, AGENTS - 1);
    assert.deepEqual(new Set(lost.map(({ json }) => json.code)), new Set(["already_claimed"]));

    const winner = won[0]?.json.data.agent;
    const read = await requester.get(`/api/tickets/${ticket.id}`);
    assert.equal(read.assignedTo.id, winner.id);
    const actions = read.history.map(({ action }: { action: string }) => action);
    assert.deepEqual(actions, ["assigned", "created"]);
    const listed = await client(server.url, agents[0]?.token ?? null).get("/api/agents");
    for (const agent of listed) {
      assert.deepEqual(agent.activeTickets, agent.id === winner.id ? [ticket.id] : []);
      assert.equal(agent.currentLoad, agent.id === winner.id ? 1 : 0);
    }
    await server.stop();
  }
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

Deno.test("an agent with five places who claims fifty tickets at once gets exactly five", async () => {
  await using store = await temporaryStorePath();
  const [customer, agent] = await staffStore(store.path, [
    { role: "user" },
    { role: "agent", agent: busy },
  ]);
  {
    await using server = await startServer(store.path);
    const requester = client(server.url, customer?.token ?? null);
    const tickets = await Promise.all(
      Array.from(
        { length: 50 },
        (_, index) =>
          requester.post("/api/tickets", { title: `Help ${index}`, description: "Please." }),
      ),
    );
    const claimant = client(server.url, agent?.token ?? null);
    const answers = await Promise.all(
      tickets.map(({ id }) => claimant.call("POST", `/api/agents/${agent?.agentId}/claim/${id}`)),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 5);
    const refused = answers.filter(({ status }) => status !== 200);
    assert.deepEqual(new Set(refused.map(({ json }) => json.code)), new Set(["at_capacity"]));
    const record = await claimant.get(`/api/agents/${agent?.agentId}`);
    assert.equal(record.activeTickets.length, 5);
    await server.stop();
  }
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});
