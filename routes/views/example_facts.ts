// What examples of several shapes speak of.

export const TICKET = "019ab3c4-0000-7000-8000-000000000042";
export const OPENED = "2026-11-22T10:00:00.000Z";
export const CURSOR = "000000000000a1b20000-0000";
