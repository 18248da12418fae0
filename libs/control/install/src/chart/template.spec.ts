import { describe, expect, it } from "vitest";
import { choose, printTemplate } from "./template.ts";

describe("choose", () => {
  it.each([
    { name: "equal lines", yes: ["a", "b"], no: ["a", "b"], text: "a\nb\n" },
    {
      name: "lines that differ",
      yes: ["a", "  b: 1", "c"],
      no: ["a", "  b: 2", "c"],
      text: "a\n  {{- if .Values.on }}\n  b: 1\n  {{- else }}\n  b: 2\n  {{- end }}\nc\n",
    },
    { name: "lines of yes alone", yes: ["a", "b"], no: [], text: "{{- if .Values.on }}\na\nb\n{{- end }}\n" },
    {
      name: "lines of no alone",
      yes: ["a"],
      no: ["a", "b"],
      text: "a\n{{- if not .Values.on }}\nb\n{{- end }}\n",
    },
    {
      name: "a line more of the same",
      yes: ["a", "a"],
      no: ["a"],
      text: "a\n{{- if .Values.on }}\na\n{{- end }}\n",
    },
  ])("writes $name", ({ yes, no, text }) => {
    expect(printTemplate(choose({ condition: ".Values.on", yes, no }))).toBe(text);
  });

  it("leaves a condition whole that both sides have", () => {
    const inner = choose({ condition: ".Values.inner", yes: ["b"], no: ["c"] });
    const outer = choose({ condition: ".Values.outer", yes: ["a", ...inner], no: inner });
    expect(printTemplate(outer)).toBe(
      "{{- if .Values.outer }}\na\n{{- end }}\n{{- if .Values.inner }}\nb\n{{- else }}\nc\n{{- end }}\n",
    );
  });
});
