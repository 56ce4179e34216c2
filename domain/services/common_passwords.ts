let loading: Promise<ReadonlySet<string>> | null = null;

/**
 * Whether a password is, in whatever case, one of the 49 000 most common ones, which are guessed
 * first. The list is loaded when it is first asked for: some 50 ms and 10 MiB.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  loading ??= load();
  return (await loading).has(password.toLowerCase());
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  return new Set(dictionary["passwords-common"]);
}
