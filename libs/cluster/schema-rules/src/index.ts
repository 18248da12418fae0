export { ruleTree } from "./rule-tree.ts";
export { judge } from "./judge.ts";
export { definitionRuleIssues, definitionRuleWarnings } from "./definition-rules.ts";
export { conditionFault, conditionHolds, type ConditionValues } from "./match-condition.ts";
