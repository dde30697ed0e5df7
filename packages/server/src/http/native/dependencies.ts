import type { Dependency, DependencyCondition } from '../../job/dependency.ts';

/** Ids of jobs, by the field of a submit that they stand in. */
export interface DependencyFields {
  /** Must have started. */
  after?: string[] | undefined;
  /** Must have ended, in any way. */
  after_any?: string[] | undefined;
  /** Must have succeeded. */
  after_success?: string[] | undefined;
}

/** Each job once per condition. */
export function readDependencies(fields: DependencyFields): Dependency[] {
  const of = (ids: string[] | undefined, condition: DependencyCondition) =>
    [...new Set(ids ?? [])].map((jobId) => ({ jobId, condition }));
  return [...of(fields.after, 'started'), ...of(fields.after_any, 'ended'), ...of(fields.after_success, 'succeeded')];
}

/** The way back: a list of ids for each field. */
export function dependenciesResource(
  dependencies: readonly Dependency[] = [],
): Record<keyof DependencyFields, string[]> {
  const idsOf = (wanted: DependencyCondition) =>
    dependencies.filter(({ condition }) => condition === wanted).map(({ jobId }) => jobId);
  return { after: idsOf('started'), after_any: idsOf('ended'), after_success: idsOf('succeeded') };
}
