import * as fc from "fast-check";
import { propertyRuns } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { LineCounter, parse, parseDocument, stringify } from "yaml";
import { UNUSUAL } from "./inline-value.ts";
import { linesOfParsed, linesOfPlain, membersOf } from "./field-lines.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { readDocuments } from "./read-documents.ts";

const FILE = `# The rating service.
apiVersion: v1
kind: Service
metadata:
  name: rating
  annotations:
    networking.istio.io/exportTo: "."
spec:
  selector: { app: rating } # its pods
  ports:
  - name: http
    port: 8080
  -
    name: tcp
    port: 9000
---
apiVersion: v1
kind: ConfigMap
metadata: { name: mesh }
data:
  mesh: |
    a: b
    --- no border
  other: &x "1\\n2"
  same: *x
--- # nothing in it
---
{"kind": "Pod",
 "metadata": {"name": "json"}}
`;

describe("documents of a text", () => {
  const [service, config, pod] = readDocuments(FILE);

  it.each([
    { of: service, path: "spec.ports[1].port", line: 15 },
    { of: service, path: "spec.ports[0]", line: 11 },
    { of: service, path: "spec.ports[7].port", line: 10 },
    { of: service, path: "spec.ports[0].protocol", line: 11 },
    { of: service, path: "spec.selector.app", line: 9 },
    { of: service, path: "metadata.annotations.networking.istio.io/exportTo", line: 7 },
    { of: service, path: "status", line: 2 },
    { of: config, path: "data.same", line: 25 },
    { of: config, path: "data.mesh", line: 21 },
    { of: pod, path: "metadata.name", line: 29 },
    { of: pod, path: "spec", line: 28 },
  ])("know the line of $path", ({ of, path, line }) => {
    expect(of?.lineOf(path)).toBe(line);
  });

  it("are what they say", () => {
    expect(service?.value).toMatchObject({ spec: { ports: [{ port: 8080 }, { name: "tcp" }] } });
    expect(config?.value).toMatchObject({ data: { mesh: "a: b\n--- no border\n", same: "1\n2" } });
    expect(pod?.value).toEqual({ kind: "Pod", metadata: { name: "json" } });
    expect(readDocuments("---\n# nothing\n---\n")).toEqual([]);
  });

  it.each([
    { name: "a key twice", text: "kind: Pod\na:\n  b: 1\n  b: 2\n", line: 4 },
    { name: "an open bracket", text: "kind: Pod\n---\na: 1\nb: [1, 2\n", line: 5 },
    { name: "an unknown alias", text: "---\na: *b\n", line: 1 },
  ])("tell where they cannot be read: $name", ({ text, line }) => {
    expect(readDocuments(text).find(({ problem }) => problem !== undefined)?.problem).toMatchObject({ line });
  });
});

describe("plain YAML", () => {
  it.each([
    "a: 1",
    "- a\n- b: c\n  d: 'e'\n- - f",
    "a:\n- b\nc: ~",
    'a: { b: [c, "d, e", 1.5], f: , g: true } # h',
    "a: b c:d # e",
    "a: http://b:80/c?d#e",
    "a: 10m\nb: -1\nc: 1e3\ne: 1_000",
    "a: []\nb: {}\nc: ''",
    "text",
    "a:\n\n  # b\n  c: d",
  ])("is read as by a whole parser: %s", (text) => {
    expect(readPlainYaml(text)).toEqual(parse(text));
  });

  it.each([
    "a: |\n  b",
    "a: b\n  c",
    "? a\n: b",
    "a: &b c",
    "a: !!str 1",
    'a: "b\\n"',
    "a: 'b''c'",
    "a: [b,\n  c]",
    "a: 1\na: 2",
    "  a: 1\n b: 2",
    "a: b: c",
    "a:\n\tb: c",
    "1: a",
    "__proto__: a",
    "a: 0x1f",
    "a: .inf",
    "a: [b: c]",
    "a: 1\n- b",
    "%YAML 1.1\n---\na: 1",
  ])("leaves to a whole parser: %s", (text) => {
    expect(readPlainYaml(text)).toBe(UNUSUAL);
  });

  it("is what a whole parser reads, with the same lines, whatever it is", () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        tie("text"),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("map"),
      ),
      text: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom("a b", "- a", "a: b", "# a", "1e3", "null", "yes", "~", ""),
      ),
      list: fc.array(tie("value"), { maxLength: 3 }),
      map: fc.dictionary(fc.constantFrom("a", "b.c/d", "E_f", "9", "true"), tie("value"), { maxKeys: 3 }),
    }));
    let plain = 0;
    fc.assert(
      fc.property(
        value,
        fc.constantFrom({}, { flowCollectionPadding: false }, { collectionStyle: "flow" as const }),
        (any, style) => {
          const text = stringify(any, { lineWidth: 0, ...style });
          const read = readPlainYaml(text);
          if (read === UNUSUAL) return;
          plain += 1;
          expect(read).toEqual(parse(text));
          for (const path of pathsOf(read)) {
            const members = membersOf(path, read);
            expect(linesOfPlain(text)(members)).toBe(linesOfWhole(text)(members));
          }
        },
      ),
      propertyRuns(300),
    );
    expect(plain).toBeGreaterThan(50);
  });
});

function linesOfWhole(text: string): ReturnType<typeof linesOfParsed> {
  const counter = new LineCounter();
  return linesOfParsed({ document: parseDocument(text, { lineCounter: counter }), counter });
}

function pathsOf(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  const members = Object.entries(value).map(([key, member]) => {
    if (Array.isArray(value)) return pathsOf(member, `${path}[${key}]`);
    return pathsOf(member, path === "" ? key : `${path}.${key}`);
  });
  return [path, ...members.flat()];
}
