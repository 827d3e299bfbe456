/**
 * The managed-database REST API, served from the custom resources. The gateway keeps a copy of Databases and
 * DatabaseFeatures, but what a caller may see of it, and everything a caller changes, is decided by the API server about
 * the caller's own token. It speaks to no engine and keeps nothing that another replica would need.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.gateway;
