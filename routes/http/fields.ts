import { z } from "zod";

const FIELDS_LENGTH_MAX = 1_000;

/** The query parameter `fields`: names of top-level fields of this shape, comma separated. */
export function fieldsOf<S extends z.ZodObject>(
  shape: S,
): z.ZodOptional<z.ZodType<(keyof z.output<S> & string)[], string>> {
  type Name = keyof z.output<S> & string;
  const names = Object.keys(shape.shape) as Name[]; // the shape's own keys
  const oneName = names.join("|");
  return z.string()
    .max(FIELDS_LENGTH_MAX)
    .transform((list) => list.split(",").map((name) => name.trim()))
    .pipe(z.array(z.enum(names as [Name, ...Name[]])))
    .meta({
      description: "Only these top-level fields, comma separated.",
      pattern: `^(${oneName})(,(${oneName}))*$`,
    })
    .optional() as z.ZodOptional<z.ZodType<Name[], string>>; // z.enum forgets the names
}

/** The view with these fields alone; whole without. Its type stays: whoever asks for less knows. */
export function pick<T extends object>(view: T, fields: readonly (keyof T)[] | undefined): T {
  if (fields === undefined) return view;
  return Object.fromEntries(fields.map((name) => [name, view[name]])) as unknown as T;
}
