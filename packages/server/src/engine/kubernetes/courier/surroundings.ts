/** The value of an environment variable. @throws where it is not set */
export function readSetting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Tells people, in what Kubernetes keeps of the container. */
export function logLine(message: string): void {
  console.error(`${new Date().toISOString()} ${message}`);
}
