/**
 * Services of all protocols and shapes, some of them on one port: `every-protocol` (10.96.0.50) has a port of each
 * protocol, `store` is headless, `plain` and `raw` share a port, `far` is a name elsewhere. Their one pod is 10.244.0.7.
 */
export const EVERY_PROTOCOL = `
apiVersion: v1
kind: Service
metadata: { name: every-protocol }
spec:
  clusterIP: 10.96.0.50
  clusterIPs: [10.96.0.50, "fd00::50"]
  selector: { app: every-protocol }
  ports:
    - { name: http, port: 80, targetPort: 8080 }
    - { name: grpc-api, port: 9000 }
    - { name: tcp-store, port: 6379 }
    - { name: https, port: 443, targetPort: 8443 }
    - { name: anything, port: 7000 }
    - { name: udp-names, port: 53, protocol: UDP }
    - { name: http-own, port: 15001 }
    - { name: tcp-own, port: 15006 }
---
apiVersion: v1
kind: Service
metadata: { name: store }
spec:
  clusterIP: None
  selector: { app: every-protocol }
  ports:
    - { name: tcp, port: 6379 }
    - { name: http, port: 8080 }
    - { name: unknown, port: 7001 }
---
apiVersion: v1
kind: Service
metadata: { name: plain }
spec: { clusterIP: 10.96.0.51, selector: { app: every-protocol }, ports: [{ name: http, port: 5000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: raw }
spec: { clusterIP: 10.96.0.52, selector: { app: every-protocol }, ports: [{ name: tcp, port: 5000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: far }
spec: { type: ExternalName, externalName: far.example, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: every-protocol-0, labels: { app: every-protocol } }
spec: { containers: [{ name: application }] }
status: { phase: Running, podIP: 10.244.0.7 }
`;
