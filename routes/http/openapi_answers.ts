import type { z } from "zod";
import type { RefusalCode } from "../../domain/rules/refusal.ts";
import type { DescribedAnswer, Description } from "./describe.ts";
import { type Headed, headersOf } from "./openapi_headers.ts";
import type { Schemas } from "./openapi_schemas.ts";
import { PROBLEMS, problemShape } from "./problem.ts";

type Json = Readonly<Record<string, unknown>>;

const SUCCESSES: Json = { "101": "The connection is a WebSocket from now on.", "201": "Made." };

/** Every answer that grants what was asked for, by its status. */
export function answersOf(
  said: readonly NonNullable<Description["answers"]>[],
  headed: Headed,
  schemas: Schemas,
): Record<string, Json> {
  const answers: Record<string, Json> = {};
  for (const [status, answer] of said.flatMap((each) => Object.entries(each))) {
    answers[status] = {
      description: SUCCESSES[status] ?? "Done.",
      headers: headersOf(Number(status), headed),
      ...(answer === null ? {} : { content: contentOf(answer, schemas) }),
    };
  }
  if (headed.isTagged) {
    answers["304"] = {
      description: "What you have is what there is.",
      headers: headersOf(304, headed),
    };
  }
  return answers;
}

function contentOf(answer: NonNullable<DescribedAnswer>, schemas: Schemas): Json {
  if (!("contentType" in answer)) return jsonOf(answer, schemas);
  const { contentType, orJson } = answer;
  return {
    ...(orJson === undefined ? {} : jsonOf(orJson, schemas)),
    [contentType]: { schema: { type: "string" } },
  };
}

function jsonOf(shape: z.ZodType, schemas: Schemas): Json {
  return { "application/json": { schema: schemas.output(shape) } };
}

/** For each status the problem document, with the codes that can stand in it here. */
export function problemsOf(
  refusals: ReadonlySet<RefusalCode>,
  headed: Headed,
  schemas: Schemas,
): Record<string, Json> {
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of [...refusals].sort()) {
    const [status] = PROBLEMS[code];
    byStatus.set(status, [...byStatus.get(status) ?? [], code]);
  }
  const problem = schemas.output(problemShape);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const schema = { allOf: [problem, { properties: { code: { enum: codes } } }] };
      const description = codes.map((code) => `${PROBLEMS[code][1]} (\`${code}\`)`).join(", ");
      const content = { "application/problem+json": { schema } };
      return [status, {
        description,
        headers: headersOf(status, { ...headed, isTagged: false }),
        content,
      }];
    }),
  );
}
