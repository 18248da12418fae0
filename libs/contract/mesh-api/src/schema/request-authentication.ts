import type { KubeObject } from "@bookmesh/kube-api";
import * as z from "zod";
import {
  duration,
  oneAttachment,
  policyTarget,
  strings,
  workloadSelector,
  type DeepReadonly,
} from "./parts.ts";

const jwtRule = z.strictObject({
  issuer: z.string().optional().describe("Who issues the tokens (`iss`)."),
  audiences: strings.optional().describe("Whom the tokens are for (`aud`); absent: anybody."),
  jwksUri: z.string().optional().describe("Where the issuer's keys are."),
  jwks_uri: z.string().optional().describe("The same as jwksUri."),
  jwks: z.string().optional().describe("The issuer's keys themselves."),
  fromHeaders: z
    .array(
      z.strictObject({
        name: z.string().describe("The header."),
        prefix: z.string().optional().describe("What stands before the token."),
      }),
    )
    .optional()
    .describe("Headers that may carry a token."),
  fromParams: strings.optional().describe("Query parameters that may carry a token."),
  fromCookies: strings.optional().describe("Cookies that may carry a token."),
  outputPayloadToHeader: z.string().optional().describe("Header that passes the claims on, in base64url."),
  outputClaimToHeaders: z
    .array(
      z.strictObject({
        header: z.string().describe("The header."),
        claim: z.string().describe("The claim."),
      }),
    )
    .optional()
    .describe("Headers that pass single claims on."),
  forwardOriginalToken: z.boolean().optional().describe("Passes the token itself on."),
  spaceDelimitedClaims: strings.optional().describe("Claims whose text is a list."),
  timeout: duration.optional().describe("Time for the keys to be fetched."),
});

/** `RequestAuthentication.spec`. */
export const requestAuthenticationSpec = z
  .strictObject({
    selector: workloadSelector.optional(),
    targetRef: policyTarget.optional(),
    targetRefs: z.array(policyTarget).optional().describe("Objects that the policy is attached to."),
    jwtRules: z.array(jwtRule).optional().describe("Issuers whose tokens are verified."),
  })
  .meta({ description: "Which tokens a workload verifies.", ...oneAttachment });

/** `RequestAuthentication.spec`. Source: Istio API, `security.istio.io`. */
export type RequestAuthenticationSpec = DeepReadonly<z.infer<typeof requestAuthenticationSpec>>;

/** A policy that says which tokens a workload verifies. */
export interface RequestAuthentication extends KubeObject {
  readonly kind: "RequestAuthentication";
  readonly spec: RequestAuthenticationSpec;
}
