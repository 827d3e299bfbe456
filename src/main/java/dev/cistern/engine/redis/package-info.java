/**
 * Redis, one instance for now.
 *
 * <p>The server is configured live and never by editing a file and restarting: with another persistence in its file,
 * Redis starts empty or with old data. So every change is made in the running server first, in the order of {@link
 * dev.cistern.engine.redis.ChangePlan}, and CONFIG REWRITE then keeps it in a file on the data volume, in the same
 * transaction as the last setting. The start script takes what is changed live from that file and everything else from
 * the ConfigMap. How far a change has come is read from the server itself, with the help of {@link
 * dev.cistern.engine.redis.Marks}, so the operator may stop anywhere.
 */
@org.jspecify.annotations.NullMarked
package dev.cistern.engine.redis;
