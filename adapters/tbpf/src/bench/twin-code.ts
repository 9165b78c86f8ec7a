import { EMPTY, type FunctionBody, type Label, Op, type ValueType } from '@switchyard/wasm-builder';

/** A function body whose calls can be strung together, so that a twin reads like the stack code that it is. */
export class TwinCode {
  readonly #body: FunctionBody;

  constructor(body: FunctionBody) {
    this.#body = body;
  }

  local(type: ValueType): number {
    return this.#body.addLocal(type);
  }

  get(index: number): this {
    this.#body.localGet(index);
    return this;
  }

  set(index: number): this {
    this.#body.localSet(index);
    return this;
  }

  tee(index: number): this {
    this.#body.localTee(index);
    return this;
  }

  i32(value: number): this {
    this.#body.i32Const(value);
    return this;
  }

  i64(value: number): this {
    this.#body.i64Const(value);
    return this;
  }

  op(...codes: readonly number[]): this {
    for (const code of codes) this.#body.op(code);
    return this;
  }

  memory(code: number, offset = 0): this {
    this.#body.memory(code, offset);
    return this;
  }

  call(index: number): this {
    this.#body.call(index);
    return this;
  }

  /** A loop; `write` gets the label that begins it again. */
  loop(write: (again: Label) => void): this {
    write(this.#body.loop(EMPTY));
    this.#body.end();
    return this;
  }

  /** A block; `write` gets the label that leaves it. */
  block(write: (leave: Label) => void): this {
    write(this.#body.block(EMPTY));
    this.#body.end();
    return this;
  }

  /** Takes an i32. */
  if(then: () => void, otherwise?: () => void): this {
    this.#body.if(EMPTY);
    then();
    if (otherwise !== undefined) {
      this.#body.else();
      otherwise();
    }
    this.#body.end();
    return this;
  }

  br(label: Label): this {
    this.#body.br(label);
    return this;
  }

  brIf(label: Label): this {
    this.#body.brIf(label);
    return this;
  }

  return(): this {
    this.#body.op(Op.return);
    return this;
  }

  finish(): void {
    this.#body.finish();
  }
}
