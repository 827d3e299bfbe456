package dev.cistern.engine;

import java.math.BigInteger;

/**
 * The certificate that a database shows.
 *
 * @param authority certificate of Cistern's own authority, PEM; what clients trust
 * @param serial serial number of the server certificate that ought to be served
 */
public record ServerTls(String authority, BigInteger serial) {}
