import { type EstimatorClient, EstimatorError, type ExecuteParams } from '@switchyard/client';
import { useArgs } from './args.ts';
import { callParams, FieldProblem, wholeNumber } from './call-params.ts';
import { byId, chosen } from './dom.ts';
import { useModulePicker } from './module-picker.ts';
import { useService } from './service.ts';
import { showEstimate } from './show-estimate.ts';
import { showError } from './show-fault.ts';
import { showRun } from './show-run.ts';
import { showTrace } from './show-trace.ts';
import { grouped, printable } from './text.ts';

/*
 * The page: reads the form, asks the service, shows what it answers. Nothing is kept but the key, and that as long as the tab.
 */

const client = useService();
const picker = useModulePicker(client);
const args = useArgs();
const form = byId('form', HTMLFormElement);
const result = byId('result', HTMLElement);
const said = byId('said', HTMLElement);
const problem = byId('problem', HTMLElement);
const cancel = byId('cancel', HTMLButtonElement);

let redraw = (): void => {};
let running: AbortController | undefined;

const textOf = (id: string): string =>
  (document.getElementById(id) as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value;

/** The call that the form describes. @throws FieldProblem */
function readCall(): ExecuteParams {
  return callParams({
    code: picker.code(),
    contract: textOf('contract'),
    entry: textOf('entry'),
    entryName: textOf('entry-name'),
    args: chosen('form') === 'typed' ? args.values() : null,
    input: textOf('input'),
    from: textOf('from'),
    value: textOf('value'),
    gasLimit: textOf('gasLimit'),
    gasPrice: textOf('gasPrice'),
    isStatic: byId('static', HTMLInputElement).checked,
    state: textOf('state'),
    block: textOf('block'),
  });
}

/** Asks and shows. @returns what is said of it. */
type Action = (service: EstimatorClient, call: ExecuteParams, signal: AbortSignal) => Promise<string>;

const actions: Readonly<Record<string, Action>> = {
  async estimate(service, call, signal) {
    const margin = wholeNumber('marginPercent', textOf('marginPercent'));
    const params = margin === undefined ? call : { ...call, marginPercent: Number(margin) };
    const estimate = await service.estimateGas(params, { signal });
    result.replaceChildren(...showEstimate(estimate));
    return `Estimated: a gas limit of ${grouped(estimate.gasLimit)}.`;
  },
  async run(service, call, signal) {
    const run = await service.execute(call, { signal });
    result.replaceChildren(...showRun(run));
    return `Run: ${run.status}, ${grouped(run.gas.charged)} gas.`;
  },
  async trace(service, call, signal) {
    const [profile, tree] = await service.batch(
      [
        { method: 'trace', params: { ...call, format: 'profile' } },
        { method: 'trace', params: { ...call, format: 'tree' } },
      ],
      { signal },
    );
    if (!profile.ok) throw profile.error;
    if (!tree.ok) throw tree.error;
    result.replaceChildren();
    redraw = showTrace(result, profile.result, tree.result);
    return `Traced: ${profile.result.status}, ${grouped(profile.result.gasUsed)} gas.`;
  },
};

async function act(name: string): Promise<void> {
  const call = checkFields(() => {
    wholeNumber('marginPercent', textOf('marginPercent'));
    return readCall();
  });
  if (call === undefined) return;
  running?.abort();
  const controller = new AbortController();
  running = controller;
  showBusy(true);
  // Emptied, so that the same words are said again.
  said.textContent = '';
  try {
    said.textContent = await actions[name]!(client(), call, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      said.textContent = 'Cancelled.';
      return;
    }
    result.replaceChildren(showError(error));
    said.textContent = `It failed: ${error instanceof EstimatorError ? printable(error.code) : 'INTERNAL'}.`;
  } finally {
    if (running === controller) {
      running = undefined;
      showBusy(false);
    }
  }
}

/** Marks the field that is wrong, and goes there. */
function checkFields<T>(read: () => T): T | undefined {
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  problem.textContent = '';
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    problem.textContent = error.message;
    const field = document.getElementById(error.field);
    field?.closest('details')?.setAttribute('open', '');
    field?.setAttribute('aria-invalid', 'true');
    field?.focus();
    return undefined;
  }
}

function showBusy(isBusy: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[type="submit"]')) {
    button.disabled = isBusy;
  }
  cancel.hidden = !isBusy;
  result.setAttribute('aria-busy', String(isBusy));
}

async function showService(): Promise<void> {
  const told = byId('service', HTMLElement);
  try {
    const { engines, gas, profile } = await client().engines();
    const names = engines
      .filter(({ enabled }) => enabled)
      .map(({ type, version }) => printable(`${type} ${version ?? ''}`.trim()));
    told.textContent = `${names.join(', ')} · at most ${grouped(gas.maxLimit)} gas · ${printable(profile)}`;
  } catch (error) {
    told.textContent = `The service does not answer: ${printable((error as Error).message)}`;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { submitter } = event;
  act(submitter instanceof HTMLButtonElement ? submitter.value : 'estimate');
});
cancel.addEventListener('click', () => running?.abort());
for (const button of document.querySelectorAll('input[name="form"]')) {
  button.addEventListener('change', () => {
    byId('typed-fields', HTMLElement).hidden = chosen('form') !== 'typed';
    byId('raw-fields', HTMLElement).hidden = chosen('form') === 'typed';
  });
}
byId('key', HTMLInputElement).addEventListener('change', showService);
addEventListener('resize', () => redraw());
showService();
