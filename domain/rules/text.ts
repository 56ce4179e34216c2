/** A text of at most so many characters, by code points, so that no surrogate pair is cut in two. */
export function shortened(text: string, charactersMax: number): string {
  const points = [...text];
  return points.length <= charactersMax ? text : `${points.slice(0, charactersMax - 1).join("")}…`;
}
