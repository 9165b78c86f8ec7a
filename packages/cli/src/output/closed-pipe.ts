/** A reader that has seen enough closes the pipe; that is no fault of the command, so it ends at once and well. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
