/** Where pods find a server, without a slash at its end: a courier of a node knows by it, letter for letter, which pods it serves. */
export function doorAddress(serverUrl: string): string {
  return serverUrl.replace(/\/+$/, '');
}

/** What a pod asks of the server for an attempt lies below it. */
export function attemptUrl(door: string, attemptId: string): string {
  return `${door}/engine/v1/attempts/${attemptId}`;
}
