// Texts of YAML or JSON, with the lines of their fields
export { readDocuments, type LocatedDocument } from "./read-documents.ts";
