/** How far an array has come. */
export interface JobArray {
  /** Elements in all. */
  size: number;
  /** How many run at once; null: as many as there is room for. */
  max_running: number | null;
  /** Elements that have not started. Those of an array that was stopped never will. */
  waiting: number;
  running: number;
  succeeded: number;
  failed: number;
  stopped: number;
}

/** Which element of which array a job is. */
export interface ArrayElement {
  /** Id of the array. */
  array: string;
  /** 0 to `size` - 1. */
  index: number;
  size: number;
}
