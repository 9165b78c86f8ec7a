import { relative } from 'node:path';
import { printable } from '@switchyard/core';
import { createProject } from '@switchyard/sdk';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard init`. */
export interface InitOptions {
  readonly json?: boolean;
  /** Of the contract and the package; by default the folder's. */
  readonly name?: string;
}

/** `switchyard init FOLDER`. */
export async function initCommand(folder: string, { name }: InitOptions): Promise<CommandReport> {
  const project = createProject({ folder, ...(name === undefined ? {} : { name }) });
  return {
    command: 'init',
    exitCode: 0,
    data: { ...project },
    text: () => {
      const place = relative('', project.folder);
      return [
        `made ${project.name} in ${project.folder}`,
        ...project.files.map((file) => `  ${printable(file)}`),
        project.clone === null
          ? 'Its packages come from the registry.'
          : `Its packages are those of the clone ${project.clone}, which has to stay.`,
        '',
        'Next:',
        ...(place === '' ? [] : [`  cd ${place}`]),
        '  npm install --ignore-scripts',
        '  npm test',
      ].join('\n');
    },
  };
}
