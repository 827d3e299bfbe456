/** What the tests against a real cluster share: the cluster, namespaces, an operator in this process, waiting. */
@org.jspecify.annotations.NullMarked
package dev.cistern.testing;
