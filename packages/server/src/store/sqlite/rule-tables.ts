import type { DatabaseSync } from 'node:sqlite';
import type { TenantAverages } from '../rule-store.ts';
import { integerAt, realAt, textAt } from './column-value.ts';

/** A table of rules by name. Writes run inside a transaction. */
export interface NamedRules<Rules extends { name: string }> {
  all(): Rules[];
  put(rules: Rules): void;
  /** Whether there was one. */
  remove(name: string): boolean;
}

/** @param template what is new in rules since they were written has its value from here */
export function prepareNamedRules<Rules extends { name: string }>(
  db: DatabaseSync,
  table: 'queues' | 'tenants',
  template: (name: string) => Rules,
): NamedRules<Rules> {
  const select = db.prepare(`SELECT name, rules FROM ${table} ORDER BY name`);
  const upsert = db.prepare(
    `INSERT INTO ${table} (name, rules) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET rules = excluded.rules`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE name = ?`);
  return {
    all: () => select.all().map((row) => ({ ...template(textAt(row, 0)), ...JSON.parse(textAt(row, 1)) })),
    put({ name, ...rules }) {
      upsert.run(name, JSON.stringify(rules));
    },
    remove: (name) => remove.run(name).changes > 0,
  };
}

/** What tenants have used. `save` runs inside a transaction. */
export interface AverageTable {
  read(): TenantAverages | null;
  save(averages: TenantAverages): void;
}

export function prepareAverages(db: DatabaseSync): AverageTable {
  const select = db.prepare('SELECT tenant, average, at_ms FROM tenant_averages ORDER BY tenant');
  const clear = db.prepare('DELETE FROM tenant_averages');
  const insert = db.prepare('INSERT INTO tenant_averages (tenant, average, at_ms) VALUES (?, ?, ?)');
  return {
    read() {
      const rows = select.all();
      const [first] = rows;
      if (first === undefined) return null;
      const averages = rows.map((row) => ({ tenant: textAt(row, 0), average: realAt(row, 1) }));
      return { averages, atMs: integerAt(first, 2) };
    },
    save({ averages, atMs }) {
      clear.run();
      for (const { tenant, average } of averages) insert.run(tenant, average, atMs);
    },
  };
}
