/** Tests of checking and running actions. */
@org.jspecify.annotations.NullMarked
package dev.cistern.operation;
