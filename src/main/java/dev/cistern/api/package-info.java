/**
 * The custom resources of Cistern as Java types. The CRDs in {@code crds/} are generated from them, so every annotation
 * here is what a user sees in {@code kubectl explain} and what the API server enforces. Nothing in this package decides
 * anything: it only says what may be written and what is reported.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.api;
