/** What an agent is good at, and how good: 1 knows it, 5 masters it. */
export interface Skill {
  readonly name: string;
  readonly level: number;
}

export const SKILL_LEVEL_DEFAULT = 3;
export const SKILL_LEVEL_REQUIRED_DEFAULT = 1;
export const SKILL_LEVEL_MAX = 5;
export const SKILLS_MAX = 20;

/** Reads `"billing:4"`; without a level it is `levelDefault`. Names are compared without case. */
export function parseSkill(text: string, levelDefault: number): Skill {
  const match = /^(.*):([1-5])$/s.exec(text);
  return match === null
    ? { name: text.trim(), level: levelDefault }
    : { name: (match[1] ?? "").trim(), level: Number(match[2]) };
}

/** Each skill once, where it was first named: of several levels the highest. */
export function eachOnce(skills: readonly Skill[]): Skill[] {
  const found = new Map<string, Skill>();
  for (const skill of skills) {
    const { name, level } = found.get(fold(skill.name)) ?? skill;
    found.set(fold(name), { name, level: Math.max(level, skill.level) });
  }
  return [...found.values()];
}

/** The skill as it is asked for: `"billing:4"`, or its name alone where any level will do. */
export function skillText({ name, level }: Skill): string {
  return level === SKILL_LEVEL_REQUIRED_DEFAULT ? name : `${name}:${level}`;
}

/** The agent's level in a skill; 0 when it does not have it. */
export function levelOf(skills: readonly Skill[], name: string): number {
  return skills.find((skill) => fold(skill.name) === fold(name))?.level ?? 0;
}

/**
 * The skills with these levels: of those that are there it is set, others are added at the end.
 * Names are compared without case and stay as they were first written. May exceed `SKILLS_MAX`.
 */
export function withLevels(
  skills: readonly Skill[],
  levels: Readonly<Record<string, number>>,
): Skill[] {
  const levelled = skills.map((skill) => ({ ...skill }));
  for (const [name, level] of Object.entries(levels)) {
    const known = levelled.find((skill) => fold(skill.name) === fold(name));
    if (known === undefined) levelled.push({ name, level });
    else known.level = level;
  }
  return levelled;
}

/** The form in which names of skills, departments, teams and tags are compared. */
export function fold(name: string): string {
  // Composed last: lower-casing can make a pair that composes, as in J with a caron.
  return name.trim().toLowerCase().normalize("NFC");
}
