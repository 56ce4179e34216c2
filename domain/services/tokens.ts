import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Config } from "../config.ts";
import { type Role, ROLES } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import type { Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { makeRecall } from "./recall.ts";

export interface AccessClaims {
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly expiresAt: Instant;
}

/** A refresh token that this desk has issued at some time. */
export interface RefreshClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** What the session keeps of it. */
  readonly hash: string;
}

export interface Tokens {
  sign(claims: Omit<AccessClaims, "expiresAt">): Promise<string>;
  verify(token: string): Promise<AccessClaims | Refusal>;
  /** The claims of a token of ours, even of one that has expired: enough to end its session. */
  identify(token: string): Promise<AccessClaims | Refusal>;
  issueRefresh(userId: string, sessionId: string): string;
  /** The one token that follows this one, the same whenever it is asked for. */
  succeedRefresh(token: string): string;
  readRefresh(token: string): RefreshClaims | null;
  /** Proves that a text, such as a cursor, was made here. */
  seal(text: string): string;
  isSealed(text: string, seal: string): boolean;
}

const ALGORITHM = "HS256";
const ISSUER = "smart-ticketing";
const AUDIENCE = "smart-ticketing-api";
const TOKEN_LENGTH_MAX = 2_048;
const VERIFIED_MAX = 10_000;
const SECRET_BYTES = 32;
const SEAL_LENGTH = 22;

interface SigningKey {
  readonly id: string;
  readonly key: CryptoKey;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes and checks tokens with the configured secret, else with one kept in the store. */
export async function makeTokens(store: Store, config: Config): Promise<Tokens> {
  const secrets = [config.jwtSecret ?? await storedSecret(store), config.jwtSecretPrevious];
  const signing = await Promise.all(
    secrets.filter((secret) => secret !== null).map((secret) => importSecret(secret)),
  );
  const [current] = signing;
  if (current === undefined) throw new Error("Cannot sign tokens: there is no secret");
  const byId = new Map(signing.map((key) => [key.id, key.key]));
  // A signature is checked once: the same token is then known until it ends.
  const verified = makeRecall<AccessClaims>(VERIFIED_MAX, Infinity, store.now);

  async function verifySignature(token: string, at: Instant): Promise<AccessClaims | Refusal> {
    try {
      const { payload } = await jwtVerify(token, ({ kid = "" }) => {
        const key = byId.get(kid);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      }, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["sub", "role", "sid", "iat", "exp"],
        currentDate: new Date(at),
      });
      return claimsOf(payload) ?? notAccepted();
    } catch (error) {
      if (error instanceof errors.JWTExpired) return expired();
      if (error instanceof errors.JOSEError) return notAccepted();
      throw error;
    }
  }

  return {
    sign({ userId, role, sessionId }) {
      const issuedAt = Math.floor(store.now() / SECOND_MS);
      return new SignJWT({ role, sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, kid: current.id })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(config.accessTokenTtlMs / SECOND_MS))
        .sign(current.key);
    },
    async verify(token) {
      if (token.length > TOKEN_LENGTH_MAX) return notAccepted();
      const known = verified.get(token);
      if (known !== undefined) return known.expiresAt > store.now() ? known : expired();
      const claims = await verifySignature(token, store.now());
      if (!isRefusal(claims)) verified.set(token, claims, verified.forgotten());
      return claims;
    },
    async identify(token) {
      if (token.length > TOKEN_LENGTH_MAX) return notAccepted();
      // At the beginning of time nothing has expired.
      return await verifySignature(token, 0);
    },
    issueRefresh(userId, sessionId) {
      return withMac(`${userId}.${sessionId}.${randomBytes(SECRET_BYTES).toString("base64url")}`);
    },
    succeedRefresh(token) {
      const [userId, sessionId] = token.split(".");
      // Derived with our secret: who holds the old token alone cannot compute the next.
      return withMac(`${userId}.${sessionId}.${mac(current, `successor ${token}`)}`);
    },
    readRefresh(token) {
      if (token.length > TOKEN_LENGTH_MAX) return null;
      const [userId, sessionId, secret, seal, ...rest] = token.split(".");
      if (!userId || !sessionId || !secret || !seal || rest.length > 0) return null;
      if (!isSealed(`${userId}.${sessionId}.${secret}`, seal)) return null;
      return { userId, sessionId, hash: createHash("sha256").update(token).digest("base64url") };
    },
    seal: (text) => mac(current, text).slice(0, SEAL_LENGTH),
    isSealed,
  };

  function withMac(text: string): string {
    return `${text}.${mac(current as SigningKey, text).slice(0, SEAL_LENGTH)}`; // checked above
  }

  function isSealed(text: string, seal: string): boolean {
    return signing.some((key) => equalText(mac(key, text).slice(0, SEAL_LENGTH), seal));
  }
}

function mac(key: SigningKey, text: string): string {
  return createHmac("sha256", key.bytes).update(text).digest("base64url");
}

function equalText(a: string, b: string): boolean {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function claimsOf(payload: JWTPayload): AccessClaims | null {
  const { sub, sid, exp } = payload;
  const role = ROLES.find((each) => each === payload["role"]);
  if (typeof sub !== "string" || typeof sid !== "string" || typeof exp !== "number") return null;
  return role === undefined
    ? null
    : { userId: sub, sessionId: sid, role, expiresAt: exp * SECOND_MS };
}

function notAccepted(): Refusal {
  return refuse("unauthenticated", "The access token is not valid.");
}

function expired(): Refusal {
  return refuse("token_expired", "The access token has expired.");
}

async function importSecret(secret: string): Promise<SigningKey> {
  const bytes = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
  const id = createHash("sha256").update("key id").update(bytes).digest("hex").slice(0, 12);
  return { id, key, bytes };
}

/** The desk's own secret, made when there is none; whoever comes first makes it for all. */
async function storedSecret(store: Store): Promise<string> {
  const secret = await transact(store, async (tx) => {
    const key = keys.secret("jwt");
    const known = await tx.getValue<string>(key);
    if (known !== null) return known;
    const made = randomBytes(SECRET_BYTES).toString("base64url");
    tx.set(key, made);
    return made;
  });
  if (isRefusal(secret)) throw new Error("Cannot make a signing secret: the store did not take it");
  return secret;
}
