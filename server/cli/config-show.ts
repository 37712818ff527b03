/** `commons config show`: each setting, its value, and where it came from. */
import { type Command, EXIT } from "./command.ts";

export const configShow: Command = {
  name: "config show",
  summary: "Show each setting, its value and where it came from; secrets are masked.",
  async run({ load, isJson, print }) {
    const { config, provenance } = load();
    const rows = provenance.map(({ name, source, shown }) => ({
      name,
      value: name === "origin" ? config.origin : shown,
      source,
    }));
    if (isJson) print(JSON.stringify(rows));
    else
      for (const row of rows) print(`${row.name.padEnd(26)} ${(row.value || "-").padEnd(32)} ${row.source}`);
    return EXIT.good;
  },
};
