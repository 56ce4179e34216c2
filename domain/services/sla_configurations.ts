import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import { EMPTY_BOOK } from "../rules/sla_book.ts";
import {
  allConfigurations,
  configurationOf,
  isKnownCategory,
  type Pair,
  type SlaConfiguration,
} from "../rules/sla_configuration.ts";
import {
  editConfiguration,
  type EditedConfiguration,
  type SlaConfigurationChanges,
} from "../rules/sla_configuration_edit.ts";
import { keys } from "../store/keys.ts";
import { slaConfigurations } from "../store/kinds.ts";
import { NEVER_STORED, readVersioned, type Versioned } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { commitEdit, editInTurn, readToEdit } from "./sla_edit.ts";

/** What an administrator says of a configuration, and whether open tickets are to have it too. */
export interface SlaConfigurationInput extends SlaConfigurationChanges {
  readonly applyToOpen?: boolean | undefined;
}

/**
 * Sets what is named of a pair's configuration and keeps the rest; makes it where the pair has none.
 * 2 checks and up to 5 writes, and where it is to be applied a transaction for each open ticket
 * afterwards; none where nothing changes. Refuses as the rule of the edit and `commitEdit` do.
 */
export function putSlaConfiguration(
  desk: Desk,
  pair: Pair,
  { applyToOpen = false, ...changes }: SlaConfigurationInput,
): Promise<EditedConfiguration | Refusal> {
  return editInTurn(desk, () =>
    transact(desk.store, async (tx) => {
      const book = await readToEdit(desk, tx);
      const key = keys.slaConfiguration(pair.priority, pair.category);
      const stored = await tx.get(slaConfigurations, key);
      const edit = editConfiguration(book, pair, { changes, applyToOpen }, desk.store.now());
      if (isRefusal(edit) || !edit.hasChanged) return edit;
      if (stored === null) tx.add(slaConfigurations, edit.configuration);
      else tx.put(slaConfigurations, edit.configuration);
      return commitEdit(desk, tx, book, edit.appliesToOpen) ?? edit;
    }));
}

/** Every pair that has a configuration of its own, as this process knows them. */
export async function listSlaConfigurations(desk: Desk): Promise<SlaConfiguration[]> {
  return allConfigurations(await desk.book.now());
}

/** A pair's own configuration, stored or in code; one read. */
export async function findSlaConfiguration(
  { store }: Desk,
  { priority, category }: Pair,
): Promise<Versioned<SlaConfiguration> | Refusal> {
  const key = keys.slaConfiguration(priority, category);
  const stored = await readVersioned(store, slaConfigurations, key);
  if (stored !== null) return stored;
  const record = configurationOf(EMPTY_BOOK, priority, category);
  return record === null ? notFound("SLA configuration") : { record, versionstamp: NEVER_STORED };
}

/** Whether tickets may have this category. */
export async function knowsCategory({ book }: Desk, category: string): Promise<boolean> {
  // It may have been made known a moment ago, and by another process.
  return isKnownCategory(await book.now(), category) ||
    isKnownCategory(await book.latest(), category);
}
