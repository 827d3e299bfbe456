package dev.cistern.engine;

import dev.cistern.kube.Secret;

/**
 * How clients log in.
 *
 * @param username the default login
 * @param password its password
 * @param database the default logical database
 */
public record Credentials(String username, Secret password, String database) {}
