/** Splits a file of SQL into its statements. */

/** What hides a semicolon: text, a quoted name, a comment, PostgreSQL's dollar-quoted text. */
const PIECE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|;|[^'"\-/$;]+|[\s\S]/g;

/** Statements without their semicolons and comments. Bodies with `BEGIN … END` (triggers) are not understood. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = [];
  let current = "";
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === ";") {
      statements.push(current);
      current = "";
    } else if (piece.startsWith("--") || piece.startsWith("/*")) {
      current += " ";
    } else {
      current += piece;
    }
  }
  return [...statements, current]
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
