import { containersOf, bytes } from '../containers.js';
import type { Manifest, Manifests } from '../manifests.js';

/** The Pod Security Standard `restricted`: the admission controller only warns on workloads and then rejects their pods. */
export function* podsAreRestricted(manifests: Manifests): Iterable<string> {
  for (const { id, pod } of manifests.workloads) {
    const { runAsNonRoot, seccompProfile } = pod.securityContext ?? {};
    if (runAsNonRoot !== true) yield `${id}: securityContext.runAsNonRoot must be true`;
    if (seccompProfile?.type !== 'RuntimeDefault') yield `${id}: seccompProfile.type must be RuntimeDefault`;
    if (pod.hostNetwork || pod.hostPID || pod.hostIPC) yield `${id}: shares a namespace with its node`;
    if (pod.volumes?.some(({ hostPath }) => hostPath)) yield `${id}: mounts a path of its node`;
  }
  for (const { id, container } of containersOf(manifests)) {
    const { allowPrivilegeEscalation, capabilities, privileged, readOnlyRootFilesystem } =
      container.securityContext ?? {};
    if (allowPrivilegeEscalation !== false) yield `${id}: allowPrivilegeEscalation must be false`;
    if (privileged) yield `${id}: must not be privileged`;
    if (!capabilities?.drop?.includes('ALL') || capabilities.add)
      yield `${id}: must drop ALL capabilities and add none`;
    if (readOnlyRootFilesystem !== true) yield `${id}: readOnlyRootFilesystem must be true`;
  }
}

/** The namespace refuses what is not restricted. */
export function* namespaceEnforcesRestricted(manifests: Manifests): Iterable<string> {
  for (const { metadata } of manifests.ofKind('Namespace')) {
    if (metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted') {
      yield `Namespace/${metadata.name}: label pod-security.kubernetes.io/enforce must be restricted`;
    }
  }
}

/** Nothing of ours talks to the Kubernetes API, and each workload has its own identity. */
export function* tokensAreNotMounted(manifests: Manifests): Iterable<string> {
  for (const { id, pod } of manifests.workloads) {
    if (pod.automountServiceAccountToken !== false) yield `${id}: automountServiceAccountToken must be false`;
    if (!manifests.named('ServiceAccount', pod.serviceAccountName)) {
      yield `${id}: its service account ${pod.serviceAccountName ?? '(default)'} is not among the manifests`;
    }
  }
}

/** Memory is the limit that kills, so what is promised and what is allowed are the same. */
export function* resourcesAreSet(manifests: Manifests): Iterable<string> {
  for (const { id, container } of containersOf(manifests)) {
    const { requests = {}, limits = {} } = container.resources ?? {};
    if (!requests.cpu) yield `${id}: resources.requests.cpu is missing`;
    if (!requests.memory || bytes(requests.memory) !== bytes(limits.memory)) {
      yield `${id}: memory must be requested and limited, to the same amount`;
    }
  }
}

/** A tag that moves, or none, would run different versions side by side. */
export function* imagesAreTagged(manifests: Manifests): Iterable<string> {
  for (const { id, container } of containersOf(manifests)) {
    if (!/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(container.image ?? '')) {
      yield `${id}: image ${container.image} needs a version`;
    }
  }
}

/** A priority class that is missing keeps the pods from being created at all. */
export function* priorityClassesExist(manifests: Manifests): Iterable<string> {
  for (const { id, pod } of manifests.workloads) {
    if (!manifests.named<Manifest>('PriorityClass', pod.priorityClassName)) {
      yield `${id}: its priority class ${pod.priorityClassName ?? '(none)'} is not among the manifests`;
    }
  }
}
