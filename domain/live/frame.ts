import { type Refusal, refuse } from "../rules/refusal.ts";

/** What a client may say. */
export type ClientFrame =
  | { readonly type: "auth"; readonly token: string }
  | { readonly type: "subscribe" | "unsubscribe"; readonly topics: readonly string[] }
  | { readonly type: "resume"; readonly after: string }
  /** A ticket by its id or number; null for none. */
  | { readonly type: "viewing" | "typing"; readonly ticketId: string | null }
  | { readonly type: "ping" };

export const FRAME_BYTES_MAX = 64 * 1_024;
const TOPICS_IN_FRAME_MAX = 100;
const TOPIC_LENGTH_MAX = 200;
const TOPICS =
  `a list of ${TOPICS_IN_FRAME_MAX} texts at most, each of ${TOPIC_LENGTH_MAX} characters at most`;

/** A text frame's content, or why it is none that a client may send. */
export function readFrame(data: unknown): ClientFrame | Refusal {
  if (typeof data !== "string") return refuse("invalid_input", "Frames must be text.");
  // No text is shorter in UTF-8 than in UTF-16 units, so most need no counting.
  if (data.length > FRAME_BYTES_MAX || utf8Bytes(data) > FRAME_BYTES_MAX) {
    return refuse("too_large", `A frame has ${FRAME_BYTES_MAX} bytes at most.`);
  }
  const frame = parseObject(data);
  switch (frame?.["type"]) {
    case "ping":
      return { type: "ping" };
    case "auth":
      return typeof frame["token"] === "string"
        ? { type: "auth", token: frame["token"] }
        : refuse("invalid_input", "auth needs a token.");
    case "subscribe":
    case "unsubscribe":
      return isTopics(frame["topics"])
        ? { type: frame["type"], topics: frame["topics"] }
        : refuse("invalid_input", `${frame["type"]} needs topics, ${TOPICS}.`);
    case "resume":
      return typeof frame["after"] === "string"
        ? { type: "resume", after: frame["after"] }
        : refuse("invalid_input", "resume needs after, a cursor.");
    case "viewing":
    case "typing":
      return isTicket(frame["ticketId"])
        ? { type: frame["type"], ticketId: frame["ticketId"] }
        : refuse("invalid_input", `${frame["type"]} needs ticketId, a text or null.`);
    default:
      return refuse("invalid_input", "There is no frame of this type.");
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null;
    return isObject ? value as Record<string, unknown> : null; // own members are all it is asked for
  } catch {
    return null;
  }
}

function isTopics(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= TOPICS_IN_FRAME_MAX &&
    value.every((topic) => typeof topic === "string" && topic.length <= TOPIC_LENGTH_MAX);
}

function isTicket(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value.length <= TOPIC_LENGTH_MAX);
}

const ENCODER = new TextEncoder();

function utf8Bytes(text: string): number {
  return text.length * 3 <= FRAME_BYTES_MAX ? text.length : ENCODER.encode(text).length;
}
