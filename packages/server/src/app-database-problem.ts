// cspell:ignore DBACCESS TABLEACCESS CANTOPEN NOTADB
import { AppDatabaseError } from "./core/errors/app-database-error.ts";

/** What a database or its driver answers, and what to do about it. `{code}` is added to what was found. */
interface Problem {
  readonly codes: readonly string[];
  readonly got: string;
  readonly fix: string;
}

const login = "Correct user and password in appDatabase.";
const problems: readonly Problem[] = [
  {
    codes: ["ECONNREFUSED", "ECONNRESET"],
    got: "nothing that accepts connections at its address",
    fix: "Start the database, or correct host and port in appDatabase.",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    got: "a host name that cannot be looked up",
    fix: "Correct the host in appDatabase.",
  },
  {
    codes: ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
    got: "no answer from its address",
    fix: "Correct host and port in appDatabase, or let this machine through the firewall.",
  },
  // PostgreSQL: invalid_password, invalid_authorization_specification.
  { codes: ["28P01", "28000", "ER_ACCESS_DENIED_ERROR"], got: "a database that refuses user or password", fix: login },
  {
    // PostgreSQL: invalid_catalog_name.
    codes: ["3D000", "ER_BAD_DB_ERROR", "ER_DBACCESS_DENIED_ERROR"],
    got: "no database of this name that the user may use",
    fix: "Create it, or correct its name in appDatabase.",
  },
  {
    // PostgreSQL: insufficient_privilege.
    codes: ["42501", "ER_TABLEACCESS_DENIED_ERROR"],
    got: "a database in which the user may not create tables",
    fix: "Grant the user all rights on this database.",
  },
  {
    codes: ["ERR_MODULE_NOT_FOUND"],
    got: "no driver for it",
    fix: "Run `npm install pg` or `npm install mysql2`.",
  },
  {
    codes: ["SQLITE_CANTOPEN", "ENOENT", "EACCES"],
    got: "a file that cannot be opened",
    fix: "Check that its folder exists, and that this user may read and write there.",
  },
  {
    codes: ["SQLITE_READONLY"],
    got: "a file that cannot be written",
    fix: "Let this user write the file and its folder.",
  },
  {
    codes: ["SQLITE_NOTADB", "SQLITE_CORRUPT"],
    got: "a file that is no SQLite database, or a damaged one",
    fix: "Correct the path in appDatabase, or restore a backup.",
  },
  {
    codes: ["SQLITE_BUSY", "SQLITE_LOCKED"],
    got: "a file that another process keeps locked",
    fix: "End the other process.",
  },
];

const otherFix = "Check appDatabase, and that the database runs and lets this user create tables.";

/** Returns why the database of the apps cannot be used, for people. */
export function appDatabaseError(error: unknown): AppDatabaseError {
  if (error instanceof AppDatabaseError) return error;
  const code = codeOf(error);
  const known = problems.find(({ codes }) => codes.includes(code));
  if (known !== undefined) return new AppDatabaseError(`${known.got} (${code})`, known.fix, error);
  const reason = error instanceof Error ? error.message : String(error);
  return new AppDatabaseError(reason === "" ? code || "no answer" : reason, otherFix, error);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // The library has no code for a file that it cannot open.
  if (error.message.startsWith("ConnectionFailed")) return "SQLITE_CANTOPEN";
  return "code" in error ? String(error.code) : "";
}
