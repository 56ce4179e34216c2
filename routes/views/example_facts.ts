// What examples of several shapes speak of.

export const TICKET = "019ab3c4-0000-7000-8000-000000000042";
export const COMMENT = "019ab3c4-0000-7000-8000-0000000000c1";
/** A user, and the agent that she is. */
export const AMIRA = "019ab3c4-0000-7000-8000-0000000000a1";
export const AGENT = "019ab3c4-0000-7000-8000-0000000000a9";
export const SHIFT = "019ab3c4-0000-7000-8000-000000000051";
export const BREAK = "019ab3c4-0000-7000-8000-000000000052";
export const WEBHOOK = "019ab3c4-0000-7000-8000-0000000000b1";
export const OPENED = "2026-11-22T10:00:00.000Z";
export const CURSOR = "000000000000a1b20000-0000";
