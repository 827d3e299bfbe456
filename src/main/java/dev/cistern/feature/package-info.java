/** Features across engines: which are in force, which stand in each other's way. */
@org.jspecify.annotations.NullMarked
package dev.cistern.feature;
