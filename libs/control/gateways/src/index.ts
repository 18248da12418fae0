// What gateways are sent
export { routerTranslator } from "./router-translator.ts";

// For whoever fetches and judges
export { namedCredentials, type CredentialName } from "./named-credentials.ts";
export { gatewayFindings } from "./gateway-findings.ts";
