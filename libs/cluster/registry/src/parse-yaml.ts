import { badRequest } from "@bookmesh/cluster-api";
import { messageOf } from "@bookmesh/kernel";
import { parse } from "yaml";

/** Parses YAML with a bound on aliases, so that a small text cannot become a huge object. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw badRequest(`error decoding YAML: ${messageOf(error)}`);
  }
}
