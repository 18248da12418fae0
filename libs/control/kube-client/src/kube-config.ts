/** How a caller proves who it is. Several may be set; a client certificate and a token do not exclude each other. */
export interface Credentials {
  readonly token?: string;
  /** Read again once a minute, since a kubelet renews it. */
  readonly tokenFile?: string;
  /** PEM. */
  readonly clientCertificate?: string;
  /** PEM. */
  readonly clientKey?: string;
}

/** Where an API server is, how to trust it and who calls. */
export interface KubeConfig {
  /** `https://127.0.0.1:6443`, without a slash at its end. */
  readonly server: string;
  /** PEM; absent: the machine's own authorities. */
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** The name on the server's certificate where it is not the host of `server`. */
  readonly tlsServerName?: string;
  readonly credentials: Credentials;
  /** Where commands act that name no namespace. */
  readonly namespace?: string;
}
