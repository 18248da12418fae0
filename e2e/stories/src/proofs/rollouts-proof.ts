import { disturbedLoad, type Disturbance } from "./disturbed-load.ts";

const DISTURBANCES: readonly Disturbance[] = [
  {
    name: "scaling from 5 to 2 and back",
    round: async ({ bookmesh }) => {
      await bookmesh(["scale", "deployment", "ledger", "--replicas=5"]);
      await bookmesh(["rollout", "status", "deployment/ledger"]);
      await bookmesh(["scale", "deployment", "ledger", "--replicas=2"]);
      await bookmesh(["rollout", "status", "deployment/ledger"]);
    },
  },
  {
    name: "restarts of both applications",
    round: async ({ bookmesh }) => {
      for (const name of ["ledger", "front"]) {
        await bookmesh(["rollout", "restart", `deployment/${name}`]);
        await bookmesh(["rollout", "status", `deployment/${name}`]);
      }
    },
  },
  {
    name: "restarts of the control plane",
    round: async ({ bookmesh }) => {
      await bookmesh(["rollout", "restart", "deployment/istiod", "-n", "istio-system"]);
      await bookmesh(["rollout", "status", "deployment/istiod", "-n", "istio-system"]);
    },
  },
];

/** Scales and restarts applications and control plane under load. */
export const rolloutsProof = disturbedLoad(
  "Scaling and restarting under load loses no request",
  DISTURBANCES,
);
