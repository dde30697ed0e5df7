/** What operators have set about queues and tenants, as JSON of Drover's own writing, and what tenants have used. */
export const CREATE_QUEUES = `
CREATE TABLE queues (name TEXT PRIMARY KEY, rules TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tenants (name TEXT PRIMARY KEY, rules TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tenant_averages (tenant TEXT PRIMARY KEY, average REAL NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
