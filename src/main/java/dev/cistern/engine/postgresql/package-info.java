/**
 * PostgreSQL under Patroni, with Kubernetes as Patroni's store, from the first instance on: one and three instances are
 * the same code. The mounted file holds only what identifies an instance; all that a user can change goes through
 * Patroni's dynamic configuration. No password of ours exists: Patroni's members and the operator log in by client
 * certificates of an authority that each database has for itself.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.engine.postgresql;
