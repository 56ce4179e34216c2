import type { Place, Scene } from "../../support/scene.ts";

type Statuses = readonly [
  nobody: number,
  user: number,
  agent: number,
  supervisor: number,
  admin: number,
];

/** What each role gets when it asks for a route, by whose the thing is that the path names. */
export type Row = readonly [
  route: string,
  whose: Scene["whose"],
  expected: Statuses,
  input?: Input,
];

interface Input {
  readonly body?: object | ((place: Place) => object);
  readonly query?: string;
  readonly given?: Scene["given"];
}
