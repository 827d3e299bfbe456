/** Which versions and plans there are: read from a ConfigMap, so that adding one is no release of Cistern. */
@org.jspecify.annotations.NullMarked
package dev.cistern.catalogue;
