// npm runs a script in a shell, and passes SIGTERM only to that shell. The shell ends, and the script would keep running
// unnoticed.

/** If npm started this process: sends it SIGTERM as soon as the shell between them is gone. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  timer.unref();
}
