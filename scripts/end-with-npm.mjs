// npm runs a script in a shell, and passes SIGTERM only to that shell. The shell ends, and the script would keep running unnoticed.

/** Where npm started this process: when the shell between them is gone, stops as if SIGTERM had come here. */
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
