export { httpConformance, type HttpCase } from './http-conformance.js';
export { type HttpCacheSubject } from './http-subject.js';
