import {
  configure,
  getConsoleSink,
  getJsonLinesFormatter,
  getTextFormatter,
} from "@logtape/logtape";
import type { Config } from "./config.ts";

/** Sends what is logged to the console, in the form and from the level that are configured. */
export async function configureLogs({ logLevel, logFormat }: Config): Promise<void> {
  const formatter = logFormat === "json"
    ? getJsonLinesFormatter({ properties: "flatten" })
    : getTextFormatter({ timestamp: "time", value: (value) => String(value) });
  await configure({
    sinks: { console: getConsoleSink({ formatter }) },
    loggers: [
      { category: "desk", sinks: ["console"], lowestLevel: logLevel },
      // Where it listens and that it stopped is said whatever the level.
      {
        category: ["desk", "main"],
        sinks: ["console"],
        parentSinks: "override",
        lowestLevel: "info",
      },
      { category: ["logtape", "meta"], sinks: ["console"], lowestLevel: "warning" },
    ],
  });
}
