/**
 * A reader that has seen enough closes the pipe; that is no fault of the command, so it ends at once and well. Any other failure of
 * standard output, such as a full disk, is said in one line and ends with 2.
 */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`standard output cannot be written: ${error.message}\n`);
    process.exit(2);
  });
}
