import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { formatTable, ISTIOCTL_STYLE, KUBECTL_STYLE } from "./format-table.ts";
import { printDocument } from "./print-document.ts";
import { PLAIN_VIEW, tableRows, type ServerTable } from "./server-table.ts";

describe("formatTable", () => {
  it.each([
    { name: "kubectl", style: KUBECTL_STYLE, expected: "A     NAME\nbb    x\n" },
    { name: "istioctl", style: ISTIOCTL_STYLE, expected: "A      NAME\nbb     x\n" },
  ])("sets columns apart as $name", ({ style, expected }) => {
    expect(
      formatTable(
        [
          ["A", "NAME"],
          ["bb", "x"],
        ],
        style,
      ),
    ).toBe(expected);
  });
});

describe("tableRows", () => {
  const table: ServerTable = {
    kind: "Table",
    metadata: {},
    columnDefinitions: [{ name: "Name" }, { name: "Ready" }, { name: "Node", priority: 1 }],
    rows: [
      {
        cells: ["a", 2, null],
        object: { metadata: { name: "a", namespace: "books", labels: { app: "a" } } },
      },
    ],
  };
  it.each([
    {
      name: "the important columns",
      view: PLAIN_VIEW,
      expected: [
        ["NAME", "READY"],
        ["a", "2"],
      ],
    },
    {
      name: "all columns",
      view: { ...PLAIN_VIEW, wide: true },
      expected: [
        ["NAME", "READY", "NODE"],
        ["a", "2", ""],
      ],
    },
    {
      name: "namespaces, labels and types",
      view: { wide: false, namespaces: true, labels: true, prefix: "pod/" },
      expected: [
        ["NAMESPACE", "NAME", "READY", "LABELS"],
        ["books", "pod/a", "2", "app=a"],
      ],
    },
  ])("shows $name", ({ view, expected }) => {
    expect(tableRows(table, view)).toEqual(expected);
  });
});

describe("printDocument", () => {
  it.each([
    {
      format: "json",
      expected:
        '{\n    "a": [\n        {\n            "b": 1,\n            "c": 2\n        }\n    ],\n    "z": "yes"\n}\n',
    },
    { format: "yaml", expected: 'a:\n- b: 1\n  c: 2\nz: "yes"\n' },
  ] as const)("sorts the fields of $format", async ({ format, expected }) => {
    const stdout = new PassThrough();
    const io = {
      stdin: process.stdin,
      stdout,
      stderr: stdout,
      env: {},
      signal: new AbortController().signal,
    };
    printDocument(io, { z: "yes", a: [{ c: 2, b: 1 }] }, format);
    stdout.end();
    expect(await text(stdout)).toBe(expected);
  });
});
