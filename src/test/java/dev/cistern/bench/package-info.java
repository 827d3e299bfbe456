/** What {@code make bench} measures: every figure beside its floor or its peer, in the same run. */
@org.jspecify.annotations.NullMarked
package dev.cistern.bench;
