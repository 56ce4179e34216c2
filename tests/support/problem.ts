import assert from "node:assert/strict";
import type { RefusalCode } from "../../domain/rules/refusal.ts";
import type { Store } from "../../domain/store/store.ts";
import { keyText } from "../../domain/store/keys.ts";
import type { Answer } from "./desk.ts";

const FIELDS = ["type", "title", "detail", "code", "instance", "requestId", "message"];

/** Fails unless the answer is an RFC 9457 problem document of this status and code. */
export function assertProblem(
  { status, headers, json }: Answer,
  expectedStatus: number,
  code: RefusalCode,
): void {
  const shown = JSON.stringify(json);
  assert.equal(status, expectedStatus, shown);
  assert.equal(headers.get("Content-Type"), "application/problem+json", shown);
  for (const field of FIELDS) {
    assert.equal(typeof json[field], "string", `${field}: ${shown}`);
    assert.notEqual(json[field].trim(), "", `${field}: ${shown}`);
  }
  assert.equal(json.status, status, shown);
  assert.equal(json.code, code, shown);
  assert.ok(json.type.endsWith(`/problems/${code}`), shown);
  assert.ok(json.instance.startsWith("/"), shown);
  assert.equal(json.requestId, headers.get("X-Request-Id"), shown);
  assert.equal(json.success, false, shown);
  assert.equal(json.message, json.detail, shown);
  assert.equal("stack" in json, false, shown);
  if (status === 401) assert.match(headers.get("WWW-Authenticate") ?? "", /^Bearer /, shown);
  if (status === 405) assert.match(headers.get("Allow") ?? "", /^[A-Z]+(, [A-Z]+)*$/, shown);
  if (json.errors !== undefined) assertFaults(json.errors);
}

function assertFaults(faults: unknown[]): void {
  assert.ok(faults.length > 0);
  for (const fault of faults) {
    const shape = Object.entries(fault ?? {}).map(([name, value]) => [name, typeof value]);
    assert.deepEqual(shape, [["path", "string"], ["code", "string"], ["message", "string"]]);
  }
}

/** Every key of the store with the version of what stands there: any write at all changes it. */
export async function stored({ reader }: Pick<Store, "reader">): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for await (const { key, versionstamp } of reader.list({ prefix: [] }, { batchSize: 500 })) {
    versions.set(keyText(key), versionstamp);
  }
  return versions;
}
