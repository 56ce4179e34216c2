import type { Connection } from "./connection.ts";

/** The open connections of this process, by who is behind them and by what they listen to. */
export class Listeners implements Iterable<Connection> {
  readonly #all = new Set<Connection>();
  readonly #byUser = new Map<string, Set<Connection>>();
  readonly #byTopic = new Map<string, Set<Connection>>();
  readonly #userOf = new Map<Connection, string>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#all[Symbol.iterator]();
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  /** From now on this user is behind the connection. */
  know(connection: Connection, userId: string): void {
    if (!this.#all.has(connection)) return;
    this.#userOf.set(connection, userId);
    put(this.#byUser, userId, connection);
  }

  listen(connection: Connection, topic: string): void {
    if (!this.#all.has(connection)) return;
    connection.topics.add(topic);
    put(this.#byTopic, topic, connection);
  }

  unlisten(connection: Connection, topic: string): void {
    connection.topics.delete(topic);
    take(this.#byTopic, topic, connection);
  }

  remove(connection: Connection): void {
    this.#all.delete(connection);
    const userId = this.#userOf.get(connection);
    if (userId !== undefined) take(this.#byUser, userId, connection);
    this.#userOf.delete(connection);
    for (const topic of connection.topics) take(this.#byTopic, topic, connection);
    connection.topics.clear();
  }

  ofUser(userId: string): Iterable<Connection> {
    return this.#byUser.get(userId) ?? [];
  }

  ofTopic(topic: string): Iterable<Connection> {
    return this.#byTopic.get(topic) ?? [];
  }
}

function put(map: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([connection]));
  else known.add(connection);
}

function take(map: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = map.get(key);
  known?.delete(connection);
  if (known?.size === 0) map.delete(key);
}
