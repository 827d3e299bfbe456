/** Tests of which features may be on. */
@org.jspecify.annotations.NullMarked
package dev.cistern.feature;
