/** The label by which the EndpointSlices of a Service are found. */
export const SERVICE_NAME = "kubernetes.io/service-name";
