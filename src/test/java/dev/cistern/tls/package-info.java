/** Tests of certificates. */
@org.jspecify.annotations.NullMarked
package dev.cistern.tls;
