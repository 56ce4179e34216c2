import type { Meters } from "../../domain/meters.ts";

/** What meters show: each figure by its name and labels, as the text has them; zero when absent. */
export type Figures = (name: string) => number;

export async function figuresOf(meters: Meters): Promise<Figures> {
  return readFigures(await meters.render());
}

export function readFigures(text: string): Figures {
  const figures = figuresIn(text);
  return (name) => figures.get(name) ?? 0;
}

export function figuresIn(text: string): Map<string, number> {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(samples.map((line) => {
    const cut = line.lastIndexOf(" ");
    return [line.slice(0, cut), Number(line.slice(cut + 1))];
  }));
}
