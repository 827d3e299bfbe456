/**
 * Cistern as its users meet it: installed by Helm from its image, asked through manifests and HTTPS, and disturbed.
 * Every class can run by itself; {@code RightsE2E} comes last, because it judges what the others made Cistern do.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.e2e;
