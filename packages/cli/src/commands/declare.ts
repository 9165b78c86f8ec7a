import { type Command, Option } from 'commander';
import type { CommandReport } from '../output/reporter.ts';
import { call, collect, common, type Declared, fileCall, transaction, withState } from './declare-options.ts';
import { declareMigrate } from './migrate/declare-migrate.ts';

/** Runs a command's action and prints what it says. */
export type Perform = (name: string, isJson: boolean, act: () => Promise<CommandReport>) => Promise<void>;

/** Declares every command. Their code is loaded when they run, so that help and usage errors come at once. */
export function declareCommands(program: Command, perform: Perform, version: string): void {
  program
    .command('init [folder]')
    .description('make a project: a contract in C with its tests (default: in the working directory)')
    .option('--json', 'print the result as JSON')
    .option('--name <name>', "name of the contract and the package (default: the folder's)")
    .action(async (folder: string | undefined, options: Declared) =>
      perform('init', options.json === true, async () =>
        (await import('./init.ts')).initCommand(folder ?? '.', options),
      ),
    );

  fileCall(common(program.command('run <file>')))
    .description('run a contract file once, in an empty state; needs no configuration')
    .option('--trace [steps]', 'print each step to standard error, at most so many')
    .option('--trace-only <mnemonics>', 'only these, such as call,syscall')
    .action(async (file: string, options: Declared) =>
      perform('run', options.json === true, async () => (await import('./run.ts')).runCommand(file, options)),
    );

  transaction(withState(program.command('deploy <file>')))
    .description('deploy a contract file and run its constructor, hook 0')
    .option('--address <address>', "address to deploy to, instead of the policy's")
    .option('--engine <type>', 'engine that the module asks for; stored with it')
    .option('--no-init', 'do not run hook 0')
    .action(async (file: string, options: Declared) =>
      perform('deploy', options.json === true, async () =>
        (await import('./deploy.ts')).deployCommand(file, options),
      ),
    );

  call(withState(program.command('call <contract>')))
    .description('call a deployed contract')
    .option('--simulate', 'forget what changed')
    .option('--record <file>', 'append the call to a capture, for migrate replay')
    .action(async (contract: string, options: Declared) =>
      perform('call', options.json === true, async () =>
        (await import('./call.ts')).callCommand(contract, options),
      ),
    );

  fileCall(withState(program.command('estimate <target>')))
    .description('estimate the gas of a call of a deployed contract, or of a contract file in an empty state')
    .option('--margin <percent>', 'percent on top of the need')
    .option('--prove', 'run at the need and at one less')
    .action(async (target: string, options: Declared) =>
      perform('estimate', options.json === true, async () =>
        (await import('./estimate.ts')).estimateCommand(target, options),
      ),
    );

  fileCall(withState(program.command('trace <target>')))
    .description(
      'tell what happens in a call; of a contract file, or of a deployed contract, whose state stays',
    )
    .option('--format <format>', 'text, jsonl or tree (default: text)')
    .option('-o, --output <file>', 'write to a file')
    .option('--only <mnemonics>', 'only these instructions, such as call,syscall')
    .option('--pc <first-last>', 'only instructions in this range')
    .addOption(new Option('--function <name>', 'only this function; repeat').argParser(collect))
    .option('--source <file:line>', 'only this file or line of the source')
    .option('--syscalls', 'no instructions: calls, syscalls, storage, logs and events')
    .option('--depth <n>', 'no contract calls below this depth; 0 for the outermost alone')
    .option('--skip <n>', 'leave out the first n')
    .option('--limit <n>', 'print at most n')
    .action(async (file: string, options: Declared) =>
      perform('trace', options.json === true, async () =>
        (await import('./trace.ts')).traceCommand(file, options),
      ),
    );

  fileCall(withState(program.command('profile <target>')))
    .description(
      'tell where the gas of a call goes; of a contract file, or of a deployed contract, whose state stays',
    )
    .option('--format <format>', 'text, folded, speedscope or html (default: text)')
    .option('-o, --output <file>', 'write to a file')
    .action(async (file: string, options: Declared) =>
      perform('profile', options.json === true, async () =>
        (await import('./profile.ts')).profileCommand(file, options),
      ),
    );

  common(program.command('validate <file>'))
    .description('check code as a deployment would')
    .option('--engine <type>', 'engine whose code it is')
    .action(async (file: string, options: Declared) =>
      perform('validate', options.json === true, async () =>
        (await import('./inspect.ts')).validateCommand(file, options),
      ),
    );

  common(program.command('inspect <file>'))
    .description("show sections, symbols, entries, syscalls, size, version and the verifier's verdict")
    .option('--engine <type>', 'engine whose code it is')
    .action(async (file: string, options: Declared) =>
      perform('inspect', options.json === true, async () =>
        (await import('./inspect.ts')).inspectCommand(file, options),
      ),
    );

  common(program.command('disasm <file>'))
    .description('print code as assembly that asm takes back')
    .option('--engine <type>', 'engine whose code it is')
    .option('--kind <kind>', 'what the file holds: elf, text (raw slots), module, module-json, bytecode')
    .option('--isa <version>', 'instruction set version of raw slots, such as v0')
    .option('-o, --output <file>', 'write to a file')
    .action(async (file: string, options: Declared) =>
      perform('disasm', options.json === true, async () =>
        (await import('./assembly.ts')).disassembleCommand(file, options),
      ),
    );

  common(program.command('asm <file>'))
    .description('assemble text to code')
    .option('--engine <type>', 'engine whose code it is (default: legacy for .lasm files, else tbpf)')
    .option('--kind <kind>', 'what to make: elf, text (raw slots) for tbpf; module for legacy')
    .option('--isa <version>', 'instruction set version, such as v3')
    .option('-o, --output <file>', 'write to a file; without it the code is printed as hexadecimal')
    .action(async (file: string, options: Declared) =>
      perform('asm', options.json === true, async () =>
        (await import('./assembly.ts')).assembleCommand(file, options),
      ),
    );

  program
    .command('build <files...>')
    .description(
      'compile C sources with clang and link them, with objects (.o) and archives (.a), to a contract',
    )
    .option('--json', 'print the result as JSON')
    .option('-o, --output <file>', 'contract to write (default: the first source with .so)')
    .option('-O, --optimise <level>', '1, 2, 3, s or z (default: 2)')
    .addOption(new Option('-I, --include <folder>', 'folder for #include; repeat').argParser(collect))
    .option('--isa <version>', 'version of the contract: v0 or v3 (default: v0)')
    .option('--strict', 'refuse syscalls that the kit does not know')
    .option('--symbols', 'keep the names of static functions, for readable faults')
    .option('--debug', 'keep debug information, too: faults, traces and profiles then name source lines')
    .option('--no-gc-sections', 'keep functions and constants that nothing reaches')
    .option('--map', 'list what is in the contract, where it came from, and what was left out')
    .action(async (sources: string[], options: Declared) =>
      perform('build', options.json === true, async () =>
        (await import('./build.ts')).buildCommand(sources, options),
      ),
    );

  common(program.command('vectors').description('conformance vectors').command('run <files...>'))
    .description(
      'run vectors of .jsonl or .jsonl.gz files, or of standard input for -; one JSON result a line',
    )
    .option('--tier <tier>', 'reference, interpreter or compiled (default: reference)')
    .option(
      '--jobs <n>',
      'worker threads (default: one for each core); 0 starts none and runs all in the main thread',
    )
    .option('--quiet', 'only the summary')
    .action(async (files: string[], options: Declared) =>
      perform('vectors run', options.json === true, async () =>
        (await import('./vectors.ts')).vectorsCommand(files, options),
      ),
    );

  common(program.command('bench <engine>'))
    .description('measure the speed of an engine on its benchmark programs, on all of its tiers')
    .option('--runs <n>', 'rounds that count, 5 to 1000 (default: 5)')
    .option('--only <text>', 'only programs whose name has this')
    .option('--token <file>', 'also measure transfers of the token of fixtures/contracts')
    .option('-o, --output <file>', 'write the report as JSON to a file')
    .allowExcessArguments()
    .action(async (engine: string, options: Declared, { args }: Command) =>
      perform('bench', options.json === true, async () =>
        (await import('./bench.ts')).benchCommand(engine, { ...options, excess: args.slice(1) }),
      ),
    );

  program
    .command('gas')
    .description('gas of contracts')
    .command('snapshot [tests...]')
    .description('run the tests with vitest, and compare or write what they recorded of gas')
    .option('--json', 'print the result as JSON')
    .option('--check <file>', 'fail unless gas is as the snapshot file says')
    .option('--update <file>', 'write the snapshot file')
    .option('--markdown', 'print the table as markdown, for a pull request')
    .action(async (tests: string[], options: Declared) =>
      perform('gas snapshot', options.json === true, async () =>
        (await import('./gas-snapshot.ts')).gasSnapshotCommand(tests, options),
      ),
    );

  withState(program.command('config').description('configuration').command('show'))
    .description('print the configuration in force')
    .action(async (options: Declared) =>
      perform('config show', options.json === true, async () =>
        (await import('./config-show.ts')).configShowCommand(options),
      ),
    );

  const state = program.command('state').description('the state store as a whole');
  withState(state.command('export <file>'))
    .description('write everything in the store to a snapshot file')
    .action(async (file: string, options: Declared) =>
      perform('state export', options.json === true, async () =>
        (await import('./state.ts')).stateExportCommand(file, options),
      ),
    );
  withState(state.command('import <file>'))
    .description('fill the store from a snapshot file, all or nothing')
    .option('--replace', 'drop what the store holds')
    .action(async (file: string, options: Declared) =>
      perform('state import', options.json === true, async () =>
        (await import('./state.ts')).stateImportCommand(file, options),
      ),
    );

  withState(state.command('fund <address> <amount>'))
    .description('give an account units out of nothing, as for tests; makes the store if need be')
    .option('--asset <asset>', 'units of this asset instead of native ones')
    .action(async (address: string, amount: string, options: Declared) =>
      perform('state fund', options.json === true, async () =>
        (await import('./state-fund.ts')).stateFundCommand(address, amount, options),
      ),
    );

  declareMigrate(program, perform);

  const serve = withState(program.command('serve'))
    .description('answer for gas estimates over HTTP: JSON-RPC, REST and a page; until it is interrupted')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for any (default: 8645)')
    .option('--workers <n>', 'threads that run contracts (default: one less than there are cores)')
    .action(async (options: Declared) =>
      perform('serve', options.json === true, async () =>
        (await import('./serve.ts')).serveCommand(options, version),
      ),
    );
  serve
    .command('key <name>')
    .description('make a key for a client of the service')
    .option('--json', 'print the result as JSON')
    .action(async (name: string, _options: Declared, command: Command) =>
      perform('serve key', command.optsWithGlobals()['json'] === true, async () =>
        (await import('./serve.ts')).serveKeyCommand(name),
      ),
    );

  withState(program.command('doctor'))
    .description('look at what Switchyard needs on this machine')
    .action(async (options: Declared) =>
      perform('doctor', options.json === true, async () =>
        (await import('./doctor.ts')).doctorCommand(options),
      ),
    );
}
