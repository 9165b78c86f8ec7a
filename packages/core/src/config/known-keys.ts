import { z } from 'zod';

type Schema = z.core.$ZodType;

/** Keys that a schema lets the object at `path` have, for "did you mean"; none where keys are free or no object stands. */
export function knownKeys(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  let schemas = branches(schema);
  for (const part of path) schemas = schemas.flatMap((one) => below(one, part)).flatMap(branches);
  const keys = schemas.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)];
}

/** What stands behind optional values and unions. */
function branches(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodOptional) return branches(schema.def.innerType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(branches);
  return [schema];
}

function below(schema: Schema, part: PropertyKey): readonly Schema[] {
  if (schema instanceof z.ZodObject) {
    const key = String(part);
    return Object.hasOwn(schema.shape, key) ? [schema.shape[key]!] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.element];
  return schema instanceof z.ZodRecord ? [schema.def.valueType] : [];
}
