import { type Denokv, REMOTE_ENV } from "./denokv.ts";
import { startServer } from "./server.ts";

/** One of several processes that serve the same desk; its address stays through every restart. */
export interface Member {
  readonly url: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
  /** Ends it as an operator would; answers its exit code. */
  stop(): Promise<number>;
  /** Holds it still: its sockets stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port, after having killed it where it still ran. */
  restart(): Promise<void>;
}

export interface Cluster extends AsyncDisposable {
  readonly members: readonly Member[];
  /** The member that the n-th client is sent to, as a fair proxy would. */
  memberFor(index: number): Member;
}

export interface ClusterOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Hears every line that a member logs. */
  readonly onLine?: (line: string, member: number) => void;
}

/** Starts so many processes of the same desk on one store, all with the same settings. */
export async function startCluster(
  denokv: Denokv,
  size: number,
  { env = {}, onLine = () => {} }: ClusterOptions = {},
): Promise<Cluster> {
  const started = await Promise.allSettled(
    Array.from(
      { length: size },
      (_, index) =>
        startMember(denokv.url, { ...REMOTE_ENV, ...env }, (line) => onLine(line, index)),
    ),
  );
  const members = started.flatMap((one) => one.status === "fulfilled" ? one.value : []);
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await Promise.all(members.map((member) => member.kill()));
    throw failed.reason;
  }
  return {
    members,
    memberFor(index) {
      const member = members[index % members.length];
      if (member === undefined) throw new Error("A cluster without members");
      return member;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.kill()));
    },
  };
}

async function startMember(
  path: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Member> {
  let server = await startServer(path, env, onLine);
  const { url } = server;
  const kill = async (): Promise<void> => {
    await server.stop("SIGKILL");
  };
  return {
    url,
    get pid() {
      return server.pid;
    },
    kill,
    stop: () => server.stop(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async restart() {
      await kill();
      server = await startServer(path, { ...env, PORT: new URL(url).port }, onLine);
    },
  };
}
