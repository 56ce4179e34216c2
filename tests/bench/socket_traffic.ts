import { client } from "../support/client.ts";
import type { Colleague } from "../support/staffed_store.ts";
import { clientFrame, type RawSocket } from "./raw_socket.ts";
import { openWire, requestBytes } from "./wire.ts";

/** What is done on a desk while its sockets listen. */
export interface Traffic {
  /** Changes those of `behind` so many times; how many events all heard meanwhile. */
  run(times: number): Promise<number>;
}

/** Of the ticket in `front` everybody hears, of those in `behind` the few who may not read. */
export const FRONT = "department:front";
export const BEHIND = "department:behind";

const BROADCAST_EVERY_MS = 200;
/** Small ones, so that the store is not what is measured. */
const BATCH_TICKETS = 10;
const BATCH_EVERY_MS = 40;
const PRIORITIES = [1, 3] as const;

/** One ticket is changed five times a second, and ten others at once as often as is asked for. */
export async function prepareTraffic(
  url: string,
  customer: Colleague,
  supervisor: Colleague,
): Promise<Traffic> {
  const requester = client(url, customer.token);
  const open = async (department: string): Promise<string> => {
    const draft = {
      title: "A question",
      description: "It does not work.",
      priority: 2,
      department,
    };
    return (await requester.post("/api/tickets", draft)).id;
  };
  const front = await open("front");
  const ids = await Promise.all(Array.from({ length: BATCH_TICKETS }, () => open("behind")));
  const path = "/api/tickets/batch-update";
  let [changes, batches] = [0, 0];

  return {
    async run(times) {
      const [one, many] = await Promise.all([openWire(url), openWire(url)]);
      let left = times;
      const [events] = await Promise.all([
        every(BROADCAST_EVERY_MS, () => left > 0, () => {
          const body = { priority: priorityOf(changes++) };
          return one.send(requestBytes("PATCH", `/api/tickets/${front}`, supervisor.token, body));
        }),
        every(BATCH_EVERY_MS, () => left-- > 0, () => {
          const body = { ids, priority: priorityOf(batches++) };
          return many.send(requestBytes("POST", path, supervisor.token, body));
        }),
      ]);
      one.close();
      many.close();
      return events;
    },
  };
}

/** Each change is to another one than before: what changes nothing is no event. */
function priorityOf(change: number): number {
  return PRIORITIES[change % PRIORITIES.length] ?? 1;
}

const QUESTIONS = 80;
const QUESTION_EVERY_MS = 100;
/** The longest that a frame takes: of 60 KB, answered by as much. */
const TOPICS = Array.from({ length: 100 }, (_, index) => String(index).padEnd(200, "€"));

/**
 * Each asks for long answers. Some megabytes lie in the buffers of the kernel before anything waits
 * in the server's; events alone would take minutes to fill them.
 */
export async function askMuch(sockets: readonly RawSocket[]): Promise<void> {
  const question = clientFrame(JSON.stringify({ type: "unsubscribe", topics: TOPICS }));
  let left = QUESTIONS;
  await every(
    QUESTION_EVERY_MS,
    () => left-- > 0,
    () => Promise.all(sockets.map((socket) => socket.send(question))),
  );
}

/** Works at this pace, or as fast as it can; how often it did. */
async function every(
  ms: number,
  goesOn: () => boolean,
  work: () => Promise<unknown>,
): Promise<number> {
  let times = 0;
  for (let next = performance.now(); goesOn(); next = Math.max(next + ms, performance.now())) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    await work();
    times += 1;
  }
  return times;
}
