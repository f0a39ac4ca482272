import type { Rule } from './rule.js';
import {
  appsSpreadOverNodes,
  budgetsLetOneGo,
  membersKeepToDifferentNodes,
  replicasAreEnough,
} from './rules/disruption.js';
import {
  allProcessesRun,
  committedSecretsArePlaceholders,
  neededVariablesAreSet,
  referencesExist,
  secretsAreNotInline,
} from './rules/environment.js';
import {
  addressesLeadSomewhere,
  everythingIsDeniedFirst,
  namesCanBeLookedUp,
  redisIsOpenToItsUsersOnly,
  redisPortsAreReachable,
} from './rules/network.js';
import {
  imagesAreTagged,
  namespaceEnforcesRestricted,
  podsAreRestricted,
  priorityClassesExist,
  resourcesAreSet,
  tokensAreNotMounted,
} from './rules/pods.js';
import { livenessIgnoresRedis, probesArePresent, probesAskAnOpenPort } from './rules/probes.js';
import {
  allGroupsAreThere,
  failoverIsPrompt,
  mastersAreHandedOver,
  maxmemoryLeavesRoom,
  membersAreNamed,
  membersCanFindEachOther,
  redisForgetsByRole,
  volumesFitTheRole,
} from './rules/redis.js';
import {
  ingressesLeadToServices,
  managementStaysInside,
  publicUrlsAreServed,
  servicesHavePods,
} from './rules/services.js';
import { fieldsAreKnown } from './schema.js';

/** Everything that must hold of the rendered manifests. */
export const rules: readonly Rule[] = [
  fieldsAreKnown,
  namespaceEnforcesRestricted,
  podsAreRestricted,
  tokensAreNotMounted,
  resourcesAreSet,
  imagesAreTagged,
  priorityClassesExist,
  probesArePresent,
  livenessIgnoresRedis,
  probesAskAnOpenPort,
  membersKeepToDifferentNodes,
  appsSpreadOverNodes,
  replicasAreEnough,
  budgetsLetOneGo,
  allGroupsAreThere,
  redisForgetsByRole,
  volumesFitTheRole,
  maxmemoryLeavesRoom,
  failoverIsPrompt,
  mastersAreHandedOver,
  membersAreNamed,
  membersCanFindEachOther,
  allProcessesRun,
  neededVariablesAreSet,
  secretsAreNotInline,
  committedSecretsArePlaceholders,
  referencesExist,
  everythingIsDeniedFirst,
  namesCanBeLookedUp,
  addressesLeadSomewhere,
  redisPortsAreReachable,
  redisIsOpenToItsUsersOnly,
  servicesHavePods,
  managementStaysInside,
  ingressesLeadToServices,
  publicUrlsAreServed,
];
