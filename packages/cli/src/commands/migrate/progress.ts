/** Counts on a terminal; nothing in a pipe. */
export interface MigrateProgress {
  update(calls: number, different: number): void;
  stop(): void;
}

function ignore(): void {}

/** A counter on standard error, if it is a terminal. */
export async function createProgress(): Promise<MigrateProgress> {
  if (!process.stderr.isTTY) return { update: ignore, stop: ignore };
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '{value} calls, {different} different, {duration_formatted}',
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(0, 0, { different: 0 });
  return {
    update: (calls, different) => bar.update(calls, { different }),
    stop: () => bar.stop(),
  };
}
