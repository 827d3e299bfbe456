/** Actions: things done once, with a deadline and never twice. */
@org.jspecify.annotations.NullMarked
package dev.cistern.operation;
