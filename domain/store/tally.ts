import { type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Meters, TransactionOutcome } from "../meters.ts";
import type { Draft } from "./draft.ts";

/** What a transaction went through until it ended. */
export interface Tally {
  attempts: number;
  conflicts: number;
  outcome: TransactionOutcome;
  /** What it last wanted committed. */
  draft: Draft | null;
}

const tracer = trace.getTracer("smart-ticketing");

/**
 * Does the work of one transaction, counts what it took, and makes a span of it: `transact` and what
 * it was about, below the span of whoever asked. Where tracing is off the span is an empty object.
 */
export async function tallied<T>(
  meters: Meters,
  work: (tally: Tally) => Promise<T>,
): Promise<T> {
  const tally: Tally = { attempts: 0, conflicts: 0, outcome: "failed", draft: null };
  const span = tracer.startSpan("transact");
  try {
    return await work(tally);
  } finally {
    meters.decided(tally.outcome, tally.attempts, tally.conflicts);
    if (span.isRecording()) describe(span, tally);
    span.end();
  }
}

function describe(span: Span, { attempts, conflicts, outcome, draft }: Tally): void {
  span.updateName(["transact", subjectOf(draft)].join(" ").trim());
  span.setAttributes({
    "desk.transaction.attempts": attempts,
    "desk.transaction.conflicts": conflicts,
    "desk.transaction.outcome": outcome,
  });
  if (outcome === "failed" || outcome === "exhausted") {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

/** The first event, or else the first kind of thing written: there are few of either. */
function subjectOf(draft: Draft | null): string {
  return draft?.events[0]?.type ?? String(draft?.mutations[0]?.key[0] ?? "");
}
