import { type Box, textOf } from '../values/box.ts';
import { displayCell } from '../values/display.ts';
import { isInteger, isPrimitive, Kind } from '../values/kind.ts';
import { integerOf, setInteger, setString } from '../values/make.ts';
import { expectedType, machineTrap, valueTrap } from './trap.ts';

/** Target kinds by type byte; bool is a type that cannot be cast to. */
const TARGETS: readonly Kind[] = [Kind.U8, Kind.U16, Kind.U32, Kind.U64, Kind.U128, Kind.U256];
const BOOL = 6;
const STRING = 7;
/** The reference reports a failed cast to u32 under the name of u16. */
const REPORTED: readonly string[] = ['U8', 'U16', 'U16', 'U64', 'U128', 'U256'];

/** Plain cast (spec §1.4) of `value` into `out`, which may be the same box. */
export function cast(type: number, value: Box, out: Box): void {
  if (type === BOOL) throw machineTrap('UnsupportedCastType');
  if (!isPrimitive(value.kind)) throw expectedType('Any');
  const isNumeric = isInteger(value.kind) || value.kind === Kind.Boolean;
  if (type === STRING) {
    if (value.kind === Kind.String) setString(out, textOf(value), value.lo);
    else if (isNumeric) setString(out, displayCell(value));
    else throw valueTrap('InvalidCastType', '(String)');
    return;
  }
  if (!isNumeric) throw valueTrap('InvalidCastType', `(${REPORTED[type]})`);
  setInteger(out, TARGETS[type]!, integerOf(value));
}

/** Type bytes up to this one exist. */
export const LAST_TYPE = STRING;
