/** The gateway's tests. Those tagged {@code cluster} speak to a real API server. */
@org.jspecify.annotations.NullMarked
package dev.cistern.gateway;
