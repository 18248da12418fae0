import type { KubeObject } from "@bookmesh/kube-api";
import { destinationRuleSpec } from "../schema/destination-rule.ts";
import { gatewaySpec } from "../schema/gateway.ts";
import { virtualServiceSpec } from "../schema/virtual-service.ts";
import type { MeshReview } from "./mesh-review.ts";
import { reviewDestinationRule } from "./review-destination-rule.ts";
import { reviewGateway } from "./review-gateway.ts";
import { reviewVirtualService } from "./review-virtual-service.ts";
import { schemaIssues } from "./schema-issues.ts";

const NOTHING: MeshReview = { errors: [], warnings: [] };

/**
 * Judges one of Istio's objects as the validating webhook must: the schema first, then what a schema cannot say,
 * then the fields that this version does not honour. Objects of other kinds have no errors here.
 */
export function validateMeshResource(object: KubeObject): MeshReview {
  const spec = object["spec"] ?? {};
  switch (object.kind) {
    case "VirtualService": {
      const parsed = virtualServiceSpec.safeParse(spec);
      return parsed.success ? reviewVirtualService(parsed.data) : refused(parsed.error);
    }
    case "DestinationRule": {
      const parsed = destinationRuleSpec.safeParse(spec);
      return parsed.success ? reviewDestinationRule(parsed.data) : refused(parsed.error);
    }
    case "Gateway": {
      const parsed = gatewaySpec.safeParse(spec);
      return parsed.success ? reviewGateway(parsed.data) : refused(parsed.error);
    }
    case "RequestAuthentication":
    case "AuthorizationPolicy":
      return { errors: [{ path: "kind", problem: kindNotHonoured(object.kind) }], warnings: [] };
    default:
      return NOTHING;
  }
}

function refused(error: Parameters<typeof schemaIssues>[0]): MeshReview {
  return { errors: schemaIssues(error, "spec"), warnings: [] };
}

function kindNotHonoured(kind: string): string {
  return `${kind} is not honoured by this version of Bookmesh yet: it would protect nothing, so it is refused`;
}
