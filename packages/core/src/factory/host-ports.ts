/** Names a thing that only a host can offer, such as a compile worker or a disk cache, and its type. */
export interface PortKey<T> {
  readonly name: string;
  /** Carries the type only; never set. */
  readonly type?: T;
}

/** A port's name. The package that defines the port exports it; host and engine use the same one. */
export function definePort<T>(name: string): PortKey<T> {
  return Object.freeze({ name });
}

/** What the host offers to engines besides state and calls. An engine works without any of it. */
export class HostPorts {
  readonly #ports: Map<string, unknown>;

  /** @param from ports that are offered, too. */
  constructor(from?: HostPorts) {
    this.#ports = new Map(from === undefined ? [] : from.#ports);
  }

  /** Offers a port. @returns this, to chain. */
  set<T>(key: PortKey<T>, port: T): this {
    this.#ports.set(key.name, port);
    return this;
  }

  /** The port, if the host offers it. */
  get<T>(key: PortKey<T>): T | undefined {
    return this.#ports.get(key.name) as T | undefined;
  }
}
