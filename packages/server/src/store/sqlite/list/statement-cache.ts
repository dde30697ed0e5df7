import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The shape of a filter depends on how many statuses and pairs it has. */
const KEPT_STATEMENTS = 64;

/** Prepares statements, and keeps those that were used lately. */
export function createStatementCache(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.delete(sql);
    statements.set(sql, statement);
    const [oldest] = statements.keys();
    if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    return statement;
  };
}
