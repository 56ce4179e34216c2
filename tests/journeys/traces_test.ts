import assert from "node:assert/strict";
import { client } from "../support/client.ts";
import { startServer, temporaryStorePath } from "../support/server.ts";
import { staffStore } from "../support/staffed_store.ts";

/** A span as OTLP has it in JSON, as far as it is looked at here. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly Span[];
}

/** Takes the spans that a process exports. */
function collect(): Collector {
  const spans: Span[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const body = await request.json();
      for (const { scopeSpans } of body.resourceSpans ?? []) {
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      return Response.json({});
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    spans,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function attribute({ attributes }: Span, name: string): unknown {
  return attributes.find(({ key }) => key === name)?.value;
}

Deno.test("a request is a span named after its route, with its transactions below it", async () => {
  await using collector = collect();
  await using store = await temporaryStorePath();
  const [customer] = await staffStore(store.path, [{ role: "user" }]);
  await using server = await startServer(store.path, {
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  const requester = client(server.url, customer?.token ?? null);
  const ticket = await requester.post("/api/tickets", { title: "Help", description: "Please." });
  await requester.get(`/api/tickets/${ticket.id}`);
  await requester.call("GET", "/api/nothing/of/the/kind");
  // What was not exported yet is exported before the process ends.
  await server.stop();

  const opening = collector.spans.find(({ name }) => name === "POST /api/tickets");
  assert.ok(opening !== undefined);
  assert.deepEqual(attribute(opening, "http.route"), { stringValue: "/api/tickets" });
  const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === opening.spanId);
  const commit = below.find(({ name }) => name === "transact ticket.created");
  assert.ok(commit !== undefined, JSON.stringify(below.map(({ name }) => name)));
  assert.equal(commit.traceId, opening.traceId);
  assert.deepEqual(attribute(commit, "desk.transaction.outcome"), { stringValue: "committed" });
  const names = collector.spans.map(({ name }) => name);
  assert.ok(names.includes("GET /api/tickets/:id"));
  assert.ok(names.includes("GET unknown"));
  assert.ok(!names.some((name) => name.includes(ticket.id)));
});
