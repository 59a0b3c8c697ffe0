/** How this process is doing. */
export interface ProcessFigures {
  read(): {
    /** Resident memory, in bytes. */
    readonly memoryBytes: number;
    /** 99th percentile of the event loop's delay since the last reading, in milliseconds. */
    readonly loopDelayMs: number;
  };
}
