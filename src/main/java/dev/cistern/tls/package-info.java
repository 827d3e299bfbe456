/** Cistern's certificate authority, and TLS contexts made of PEM. */
@org.jspecify.annotations.NullMarked
package dev.cistern.tls;
