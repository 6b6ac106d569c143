/** What an output was made with and of: enough to tell later why it is another one now. Digests are of what was read, not of what was made of it. */
export interface Provenance {
  /** The version of the tool. */
  readonly tool: string;
  /** The choices: flags, config file, decisions. */
  readonly options: string;
  /** The controllers, their flags and ConfigMaps, the IngressClasses, Certificates, NetworkPolicies and Namespaces. */
  readonly surroundings: string;
  /** Each Ingress, with the Services, Secrets and ConfigMaps that it names; by `namespace/name`. */
  readonly ingresses: ReadonlyMap<string, string>;
}
