import { createClient, type EstimatorClient } from '@switchyard/client';
import { byId } from './dom.ts';

const STORED = 'switchyard-key';

/** The service that this page came from, with the key that the page's field has; the key lives as long as the tab. */
export function useService(): () => EstimatorClient {
  const field = byId('key', HTMLInputElement);
  field.value = sessionStorage.getItem(STORED) ?? '';
  field.addEventListener('change', () => {
    if (field.value === '') sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, field.value);
  });
  return () =>
    createClient({
      url: new URL('.', location.href),
      key: field.value === '' ? undefined : field.value,
      retries: 1,
    });
}
