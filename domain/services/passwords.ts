import { Buffer } from "node:buffer";
import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from "node:crypto";
import bcrypt from "bcryptjs";
import { type Refusal, refuse } from "../rules/refusal.ts";

export interface Passwords {
  hash(password: string): Promise<string | Refusal>;
  /** Takes as long for a user that does not exist (`null`) as for one that does. */
  verify(password: string, hash: string | null): Promise<boolean | Refusal>;
}

/** N = 2^14, r = 8, p = 5: one of OWASP's equivalent settings for scrypt; 16 MiB each. */
const COST_LOG2_DEFAULT = 14;
const BLOCK_SIZE = 8;
const PARALLELISM = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MEMORY_BYTES_MAX = 64 * 1_024 * 1_024;

/** Hashing runs on other threads; more than a few at once would only wait for each other there. */
const RUNNING_MAX = 4;
const WAITING_MAX = 200;

/** Hashes and verifies passwords without blocking. Tests pass a small cost. */
export function makePasswords(costLog2: number = COST_LOG2_DEFAULT): Passwords {
  const inPlace = makePlaces();
  const decoy = toPhc(costLog2, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  return {
    hash(password) {
      return inPlace(async () => {
        const salt = randomBytes(SALT_BYTES);
        return toPhc(costLog2, salt, await derive(password, salt, costLog2));
      });
    },
    verify(password, hash) {
      return inPlace(async () => {
        const matches = await matchesHash(password, hash ?? decoy);
        return matches && hash !== null;
      });
    },
  };
}

async function matchesHash(password: string, hash: string): Promise<boolean> {
  // The predecessor's hashes; unlike scrypt's, their verification takes turns with everything else.
  if (hash.startsWith("$2")) return await bcrypt.compare(password, hash);
  const match = /^\$scrypt\$ln=(\d+),r=8,p=5\$([^$]+)\$([^$]+)$/.exec(hash);
  if (match === null) throw new Error("Cannot verify a password: its hash is of no known form");
  const salt = Buffer.from(match[2] ?? "", "base64");
  const expected = Buffer.from(match[3] ?? "", "base64");
  return timingSafeEqual(await derive(password, salt, Number(match[1])), expected);
}

function derive(password: string, salt: Buffer, costLog2: number): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** costLog2,
    r: BLOCK_SIZE,
    p: PARALLELISM,
    maxmem: MEMORY_BYTES_MAX,
  };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** The form of the Password Hashing Competition, which names the method and its settings. */
function toPhc(costLog2: number, salt: Buffer, hash: Buffer): string {
  const settings = `ln=${costLog2},r=${BLOCK_SIZE},p=${PARALLELISM}`;
  return `$scrypt$${settings}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

/** Lets a few run and a bounded number wait; the rest are told to come again. */
function makePlaces(): <T>(work: () => Promise<T>) => Promise<T | Refusal> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= RUNNING_MAX) {
      if (waiting.length >= WAITING_MAX) return refuse("unavailable", "Too many logins at once.");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // Whoever waits takes over this place, so that nobody slips in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
