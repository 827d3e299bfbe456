/** Cistern: databases as Kubernetes resources, and a REST gateway in front of them. */
@org.jspecify.annotations.NullMarked
package dev.cistern;
