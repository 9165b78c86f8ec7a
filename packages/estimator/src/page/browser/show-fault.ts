import { EstimatorError, type Fault } from '@switchyard/client';
import { make, makeFacts } from './dom.ts';
import { printable, shownBytes } from './text.ts';

/** Why a call fails: what the contract and its engine said, where, and what to do. */
export function showFault(fault: Fault): HTMLElement {
  const mono = (text: string | null): HTMLElement | null =>
    text === null || text === '' ? null : make('span', { class: 'mono' }, printable(text));
  const told = Object.entries(fault.details).filter(
    ([name]) => !['exitCode', 'contract', 'pc'].includes(name),
  );
  return make(
    'div',
    { class: 'fault' },
    make('h2', { class: 'bad' }, fault.code),
    make('p', {}, printable(fault.message)),
    makeFacts([
      ['Reason', mono(fault.reason)],
      ['At', mono(fault.source)],
      ['Exit code', mono(fault.exitCode)],
      ['Returned', mono(fault.returnData === '' ? null : shownBytes(fault.returnData))],
      ['Native', mono(fault.native)],
      ['Instruction', mono(fault.pc === null ? null : `${fault.pc}`)],
      ['Contract', mono(fault.contract)],
      ...told.map(([name, value]) => [printable(name), mono(value)] as const),
    ]),
    make('p', { class: 'hint' }, printable(fault.hint)),
  );
}

/** Why there is no answer. */
export function showError(error: unknown): HTMLElement {
  if (!(error instanceof EstimatorError)) return showMessage('INTERNAL', `The page failed: ${error}`);
  const shown = error.fault === null ? showMessage(error.code, error.message) : showFault(error.fault);
  if (error.isRetryable) {
    const when = error.retryAfterSeconds === null ? 'later' : `after ${error.retryAfterSeconds} s`;
    shown.append(make('p', { class: 'hint' }, `It may work ${when}.`));
  }
  if (error.code === 'UNAUTHORIZED') {
    shown.append(make('p', { class: 'hint' }, 'The field at the top takes a key of this service.'));
  }
  return shown;
}

function showMessage(code: string, message: string): HTMLElement {
  return make(
    'div',
    { class: 'fault' },
    make('h2', { class: 'bad' }, printable(code)),
    make('p', {}, printable(message)),
  );
}
