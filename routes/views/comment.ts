import { z } from "zod";
import { ROLES } from "../../domain/rules/actor.ts";
import { type Comment, VISIBILITIES } from "../../domain/rules/comment.ts";
import { iso } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { id, instant } from "../http/answers.ts";

export const commentShape = z.object({
  id,
  _id: id,
  ticketId: id,
  author: z.object({ _id: id, id, name: z.string(), role: z.enum(ROLES).nullable() }),
  body: z.string(),
  visibility: z.enum(VISIBILITIES),
  createdAt: instant,
}).meta({ id: "Comment" });

/** Comments with their authors joined in. */
export async function commentViews(
  desk: Desk,
  comments: readonly Comment[],
): Promise<z.infer<typeof commentShape>[]> {
  const users = await desk.people.users(comments.map((comment) => comment.authorId));
  return comments.map((comment) => {
    const { id, ticketId, authorId, body, visibility, createdAt } = comment;
    const author = users.get(authorId);
    return {
      id,
      _id: id,
      ticketId,
      author: { _id: authorId, id: authorId, name: author?.name ?? "", role: author?.role ?? null },
      body,
      visibility,
      createdAt: iso(createdAt),
    };
  });
}

export async function commentView(
  desk: Desk,
  comment: Comment,
): Promise<z.infer<typeof commentShape>> {
  const [view] = await commentViews(desk, [comment]);
  if (view === undefined) throw new Error("Cannot show a comment: there is no view of it");
  return view;
}
