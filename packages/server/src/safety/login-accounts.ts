/** An account that somebody else may be logged in as. */
export interface Account {
  name: string;
  uid: number;
}

const ROOT = 0;
const NO_LOGIN = /\/(nologin|false|sync|shutdown|halt)$/;

/** The accounts of a passwd file that can log in, beside the one with this uid, and root, who needs no job service for anything. Pure. */
export function otherLoginAccounts(passwd: string, ownUid: number): Account[] {
  const accounts: Account[] = [];
  for (const line of passwd.split('\n')) {
    const [name, , uidText, , , , shell] = line.split(':');
    if (name === undefined || uidText === undefined || shell === undefined) continue;
    const uid = Number(uidText);
    // Without a shell named, login takes /bin/sh.
    if (!Number.isInteger(uid) || uid === ownUid || uid === ROOT || NO_LOGIN.test(shell)) continue;
    accounts.push({ name, uid });
  }
  return accounts;
}
