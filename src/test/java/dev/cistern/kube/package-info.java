/** Tests of names and labels. */
@org.jspecify.annotations.NullMarked
package dev.cistern.kube;
