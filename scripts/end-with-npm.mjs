// npm runs a script in a shell, and passes SIGTERM to that shell alone: it ends, and the script would live on unseen.

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
