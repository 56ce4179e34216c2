import { type IntentName, keys } from "../store/keys.ts";
import { LIST_BATCH_MAX, readList } from "../store/store.ts";
import type { Desk } from "./desk.ts";

/** The ids of what was intended under a name and is not done yet, for whoever resumes it. */
export async function openIntents({ store }: Desk, name: IntentName): Promise<string[]> {
  const rows = await readList(store, keys.intents(name), { limit: LIST_BATCH_MAX });
  return rows.map(({ key }) => String(key.at(-1)));
}
