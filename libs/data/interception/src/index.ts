export { redirectionRules, removalRules } from "./iptables-rules.ts";
