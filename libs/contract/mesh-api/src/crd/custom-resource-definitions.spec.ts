import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { customResourceDefinitions } from "./custom-resource-definitions.ts";
import type { StructuralSchema } from "./structural-schema.ts";

const definitions = customResourceDefinitions();

describe("customResourceDefinitions", () => {
  it.each([
    { name: "virtualservices.networking.istio.io", short: "vs", versions: ["v1", "v1beta1", "v1alpha3"] },
    { name: "destinationrules.networking.istio.io", short: "dr", versions: ["v1", "v1beta1", "v1alpha3"] },
    { name: "requestauthentications.security.istio.io", short: "ra", versions: ["v1", "v1beta1"] },
    { name: "authorizationpolicies.security.istio.io", short: "ap", versions: ["v1", "v1beta1"] },
  ])("serves $name", ({ name, short, versions }) => {
    const definition = definitions.find(({ metadata }) => metadata.name === name);
    expect(definition?.spec.names.shortNames).toEqual([short]);
    expect(definition?.spec.versions.map((version) => version.name)).toEqual(versions);
    expect(definition?.spec.versions.filter(({ storage }) => storage).map((version) => version.name)).toEqual(
      ["v1"],
    );
  });

  it("shows the columns that Istio's users know", () => {
    const columns = definitions.map(({ spec }) =>
      spec.versions[0]?.additionalPrinterColumns.map(({ name }) => name),
    );
    expect(columns).toEqual([
      ["Gateways", "Hosts", "Age"],
      ["Host", "Age"],
      ["Age"],
      ["Age"],
      ["Action", "Age"],
    ]);
  });

  it.each(["RequestAuthentication", "AuthorizationPolicy"])(
    "lets a %s be attached in one way only",
    (kind) => {
      const definition = definitions.find(({ spec }) => spec.names.kind === kind);
      const { spec } = definition?.spec.versions[0]?.schema.openAPIV3Schema.properties ?? {};
      expect(spec?.["x-kubernetes-validations"]).toMatchObject([
        { message: "only one of targetRefs or selector can be set" },
      ]);
    },
  );

  it("has only structural schemas: a type on every node", () => {
    const untyped = definitions.flatMap(({ metadata, spec }) =>
      spec.versions.flatMap(({ schema }) => withoutType(schema.openAPIV3Schema, metadata.name)),
    );
    expect(untyped).toEqual([]);
  });

  it.each([
    { kind: "VirtualService", module: "networking.istio.io/v1/VirtualService.d.ts" },
    { kind: "DestinationRule", module: "networking.istio.io/v1/DestinationRule.d.ts" },
    { kind: "RequestAuthentication", module: "security.istio.io/v1/RequestAuthentication.d.ts" },
    { kind: "AuthorizationPolicy", module: "security.istio.io/v1/AuthorizationPolicy.d.ts" },
  ])("knows every field of Istio's own $kind", ({ kind, module }) => {
    const definition = definitions.find(({ spec }) => spec.names.kind === kind);
    const ours = new Set(
      fieldsOf(definition?.spec.versions[0]?.schema.openAPIV3Schema.properties?.["spec"], "spec"),
    );
    const theirs = publishedFields(module, `I${kind}`);
    expect(theirs.length).toBeGreaterThan(10);
    expect(theirs.filter((field) => !ours.has(field))).toEqual([]);
    expect([...ours].filter((field) => !theirs.includes(field))).toEqual([]);
  });
});

function withoutType(schema: StructuralSchema, path: string): readonly string[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).map(([key, value]) => [value, `${path}.${key}`] as const),
    ...(schema.items ? [[schema.items, `${path}[]`] as const] : []),
    ...(schema.additionalProperties ? [[schema.additionalProperties, `${path}{}`] as const] : []),
  ];
  return [
    ...(schema.type === undefined ? [path] : []),
    ...below.flatMap(([value, at]) => withoutType(value, at)),
  ];
}

/** Paths of all leaves. */
function fieldsOf(schema: StructuralSchema | undefined, path: string): readonly string[] {
  if (schema?.properties)
    return Object.entries(schema.properties).flatMap(([key, value]) => fieldsOf(value, `${path}.${key}`));
  if (schema?.items) return fieldsOf(schema.items, `${path}[]`);
  if (schema?.additionalProperties) return fieldsOf(schema.additionalProperties, `${path}{}`);
  return [path];
}

/** Paths of all leaves of `spec` in the types that are generated from Istio's own definitions. */
function publishedFields(module: string, name: string): readonly string[] {
  const root = dirname(createRequire(import.meta.url).resolve("@kubernetes-models/istio/package.json"));
  const file = join(root, module);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const declaration = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find((statement) => statement.name.text === name);
  return declaration
    ? [...new Set(memberFields(declaration.members, ""))].filter((path) => path.startsWith("spec"))
    : [];
}

function memberFields(members: ts.NodeArray<ts.TypeElement>, path: string): readonly string[] {
  return members.flatMap((member) => {
    if (ts.isIndexSignatureDeclaration(member)) return typeFields(member.type, `${path}{}`);
    if (!ts.isPropertySignature(member) || !ts.isStringLiteral(member.name)) return [];
    return typeFields(member.type, path === "" ? member.name.text : `${path}.${member.name.text}`);
  });
}

/** Unions and intersections there only say which fields exclude each other: the first branch has them all. */
function typeFields(type: ts.TypeNode | undefined, path: string): readonly string[] {
  if (type === undefined) return [path];
  if (ts.isParenthesizedTypeNode(type)) return typeFields(type.type, path);
  if (ts.isTypeLiteralNode(type)) return memberFields(type.members, path);
  if (ts.isIntersectionTypeNode(type)) return typeFields(type.types[0], path);
  if (ts.isUnionTypeNode(type) && type.types.some((part) => !ts.isLiteralTypeNode(part) && !isKeyword(part)))
    return typeFields(type.types[0], path);
  if (ts.isTypeReferenceNode(type) && type.typeName.getText() === "Array")
    return typeFields(type.typeArguments?.[0], `${path}[]`);
  return [path];
}

function isKeyword(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.StringKeyword || type.kind === ts.SyntaxKind.NumberKeyword;
}
