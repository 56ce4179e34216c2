import type { Answer, Person, TestDesk } from "./desk.ts";

export interface RawRequest {
  readonly method?: string;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose body and headers are what they are; JSON only by its type, unless told. */
export async function callRaw(
  desk: TestDesk,
  person: Person | null,
  path: string,
  { method = "POST", body, headers = {} }: RawRequest,
): Promise<Answer> {
  const response = await desk.app.request(path, {
    method,
    headers: {
      "Content-Type": "application/json",
      ...(person === null ? {} : { Authorization: `Bearer ${person.token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json = text === "" ? null : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
}
