/** How this process is doing. */
export interface ProcessFigures {
  /** Resident memory, in bytes. */
  memoryBytes(): number;
  read(): {
    /** Resident memory, in bytes. */
    readonly memoryBytes: number;
    /** Memory of JavaScript objects, in bytes. */
    readonly heapUsedBytes: number;
    /** Processor time since the start, in seconds. */
    readonly cpuSeconds: number;
    /** When the process started, in seconds since 1970. */
    readonly startedSeconds: number;
    /** 99th percentile of the event loop's delay since the last reading, in milliseconds. */
    readonly loopDelayMs: number;
  };
}
