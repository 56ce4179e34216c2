import { client } from "../support/client.ts";
import { listeningPort, startServer, temporaryStorePath } from "../support/server.ts";
import { type Colleague, staffStore } from "../support/staffed_store.ts";
import { DESCRIPTION } from "./drafts.ts";
import { loginTimeRatio } from "./login_times.ts";
import { median, say } from "./timing.ts";
import { openWire, requestBytes } from "./wire.ts";

/** Rounds alternate between the two sides, so that both meet the same noise. */
const ROUNDS = 11;
/** Long enough for each kind that a round is not over before the other side's noise is. */
const READS_A_ROUND = 4_000;
const LISTS_A_ROUND = 1_000;
const WRITES_A_ROUND = 500;
const AT_ONCE = [1, 16] as const;
const STORED = 2_000;
const AGENTS = 500;

/** What is sent as the n-th request of a side. */
type Side = (index: number) => Uint8Array;

await using bareStore = await temporaryStorePath();
await using deskStore = await temporaryStorePath();
const agent = { status: "busy" as const, maxTickets: 100 };
const [admin, customer, ...agents] = await staffStore(deskStore.path, [
  { role: "admin" },
  { role: "user" },
  ...Array.from({ length: AGENTS }, () => ({ role: "agent" as const, agent })),
]);
await using bareServer = await startBareServer(bareStore.path);
// A line for each request would be measured too; the bare side writes none.
await using server = await startServer(deskStore.path, { LOG_LEVEL: "warning" });
const body = { title: "A question", description: DESCRIPTION };
const requester = client(server.url, customer?.token ?? null);
const opened: string[] = [];
while (opened.length < STORED) opened.push((await requester.post("/api/tickets", body)).id);
const bareId = (await (await fetch(`${bareServer.url}/first`)).json()).id;

say("work            at once   desk/s   bare/s   ratio");
for (const atOnce of AT_ONCE) {
  const fixed = (bytes: Uint8Array): Side => () => bytes;
  await compare("read a ticket", atOnce, READS_A_ROUND, {
    desk: fixed(request(customer, "GET", `/api/tickets/${opened[0]}`)),
    bare: fixed(requestBytes("GET", `/get/${bareId}`, null)),
  });
  await compare("open a ticket", atOnce, WRITES_A_ROUND, {
    desk: fixed(request(customer, "POST", "/api/tickets", body)),
    bare: fixed(requestBytes("POST", "/open", null, body)),
  });
  await compare("list 20", atOnce, LISTS_A_ROUND, {
    desk: fixed(request(admin, "GET", "/api/tickets")),
    bare: fixed(requestBytes("GET", "/list", null)),
  });
  const waiting: string[] = [];
  while (waiting.length < ROUNDS * WRITES_A_ROUND) {
    waiting.push((await requester.post("/api/tickets", body)).id);
  }
  await compare("claim", atOnce, WRITES_A_ROUND, {
    // Each claim is another agent's, as on a desk where many work.
    desk: (index) => {
      const claimant = agents[index % AGENTS];
      const path = `/api/agents/${claimant?.agentId}/claim/${waiting[index]}`;
      return request(claimant, "POST", path);
    },
    bare: fixed(requestBytes("POST", "/claim", null, {})),
  });
}

const ratio = await loginTimeRatio(server.url);
say(`wrong password to a known account, by that to an unknown one: ${ratio.toFixed(2)}`);

function request(
  person: Colleague | undefined,
  method: string,
  path: string,
  content?: unknown,
): Uint8Array {
  return requestBytes(method, path, person?.token ?? null, content);
}

/** Prints the requests a second of both sides, and the median of the rounds' ratios. */
async function compare(
  name: string,
  atOnce: number,
  requests: number,
  sides: { readonly desk: Side; readonly bare: Side },
): Promise<void> {
  const rounds: { readonly desk: number; readonly bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const range = { from: round * requests, to: (round + 1) * requests };
    rounds.push({
      desk: await rate(server.url, sides.desk, range, atOnce),
      bare: await rate(bareServer.url, sides.bare, range, atOnce),
    });
  }
  const measured = rounds.slice(1); // the first warms both up
  const desk = median(measured.map((round) => round.desk)).toFixed(0);
  const bare = median(measured.map((round) => round.bare)).toFixed(0);
  const ratio = median(measured.map((round) => round.desk / round.bare)).toFixed(2);
  say(
    name.padEnd(16) + String(atOnce).padStart(7) + desk.padStart(9) + bare.padStart(9) +
      ratio.padStart(8),
  );
}

async function rate(
  url: string,
  side: Side,
  { from, to }: { readonly from: number; readonly to: number },
  atOnce: number,
): Promise<number> {
  const wires = await Promise.all(Array.from({ length: atOnce }, () => openWire(url)));
  let next = from;
  const startedAt = performance.now();
  await Promise.all(wires.map(async (wire) => {
    while (next < to) await wire.send(side(next++));
  }));
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const wire of wires) wire.close();
  return (to - from) / seconds;
}

async function startBareServer(path: string): Promise<{ url: string } & AsyncDisposable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", "tests/bench/bare_server.ts", path],
    stdout: "piped",
  }).spawn();
  const url = `http://127.0.0.1:${await listeningPort(child.stdout)}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
