/** How Cistern names, labels, matches and writes Kubernetes objects. Knows nothing of engines. */
@org.jspecify.annotations.NullMarked
package dev.cistern.kube;
