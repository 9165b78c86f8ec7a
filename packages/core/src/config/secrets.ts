import type { SwitchyardConfig } from './config.ts';

/** What stands where a password was. */
const HIDDEN = '***';

/** The text with the passwords of addresses in it hidden, for messages. A text without an address stays as it is. */
export function withoutPasswords(text: string): string {
  // To the last @ there is: a password that holds one, unescaped, is a mistake, and no reason to show the rest of it.
  return text
    .replace(/(:\/\/[^:/?#@\s]*):[^\s]*@/g, `$1:${HIDDEN}@`)
    .replace(/([?&][a-z]*password=)[^&\s]*/gi, `$1${HIDDEN}`);
}

/** The configuration as it may be shown. */
export function withoutSecrets(config: SwitchyardConfig): SwitchyardConfig {
  const { state } = config;
  return state.kind === 'postgres'
    ? { ...config, state: { ...state, url: withoutPasswords(state.url) } }
    : config;
}
